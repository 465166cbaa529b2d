#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# dkc graph: DOT, SVG, and the page, which a real browser opens, clicks and types
# into. GRAPH_PICTURES=folder keeps pictures of it to look at.
set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/browser.sh
. "$(dirname "$0")/../lib/browser.sh"

DKC=$BUILD/bin/dkc
IMAGE=$BUILD/apps/picture/picture.dk
cd "$TOP" || exit 1

# ---- DOT and SVG ----

run 10 "$DKC" graph "$IMAGE"
is "dkc graph ends well" "$STATUS" 0
cp "$TMP/out" "$TMP/picture.dot"
has "who may ask what is an arrow" "$TMP/picture.dot" \
	'"picture.ValidPictureClient" -> "picture.PictureManager" .*album\.pictures\.Count'
has "what depends on the message is dashed" "$TMP/picture.dot" \
	'"picture.NonValidPictureClient" -> "kl.core.Core" .*style=dashed'
has_not "who may not has no arrow" "$TMP/picture.dot" \
	'"picture.NonValidPictureClient" -> "picture.PictureManager"'
if command -v dot >/dev/null; then
	check "an SVG is drawn" "$DKC" graph -o "$TMP/p.svg" "$IMAGE"
	has "it holds the class" "$TMP/p.svg" '>picture\.PictureManager</text>'
	run 10 env PATH="$TMP" "$DKC" graph --format svg "$IMAGE"
	is "without Graphviz it is an error of the machine" "$STATUS" 3
	has "which says what to do" "$TMP/out" 'install graphviz'
else
	skip "an SVG is drawn" "graphviz is not installed (scripts/setup --browser)"
fi

refused() { # NAME STATUS REGEX WORD...
	run 10 "$DKC" graph "${@:4}"
	is "$1: status $2" "$STATUS" "$2"
	has "$1: it is said" "$TMP/out" "$3"
}
refused "a form that there is none" 2 "dot, svg or html, not 'gif'" \
	--format gif "$IMAGE"
refused "no image" 2 'no image or policy is given'
refused "two images" 2 'more than one file' "$IMAGE" "$IMAGE"
refused "a text instead of an image" 1 'not a sound image' README.md
refused "a policy whose classes are not found" 1 'PictureManager' \
	apps/picture/security.psl
for option in -I=apps -D=A=b --init=x --states=9; do
	refused "$option for an image" 2 'for a policy, and an image is given' \
		"${option%%=*}" "${option#*=}" "$IMAGE"
done
refused "no state at all" 2 "from 1 on, not '0'" --states 0 "$IMAGE"
refused "a folder that is not there" 3 'cannot write' -o "$TMP/no/x.html" \
	"$IMAGE"
cp "$IMAGE" "$TMP/self.dk"
refused "the image itself as output" 2 'would take its place' \
	-o "$TMP/self.dk" "$TMP/self.dk"
check "and the image is as it was" cmp "$IMAGE" "$TMP/self.dk"

# ---- the page as a text ----

check "a page is written" "$DKC" graph -o "$TMP/picture.html" "$IMAGE"
check "and the same again, to the byte" cmp "$TMP/picture.html" \
	<("$DKC" graph --format html "$IMAGE")
sed 's,http://www\.w3\.org/2000/svg,,' "$TMP/picture.html" >"$TMP/page"
has_not "it names no other place" "$TMP/page" '(https?:)?//[a-z]|src=|@import|url\([^#]'
has "it forbids itself the network" "$TMP/page" "default-src 'none'"

# A policy whose words would end the page's script, in a file that is read.
mkdir "$TMP/bad"
cat >"$TMP/bad/security.psl" <<'PSL'
use nk.base._
use nk.basic._
use EDL kl.core.Core
use EDL Einit
use EDL kl.core.NameServer
execute { grant () }
request src = kl.core.NameServer dst = kl.core.Core endpoint = cm.CM method = Connect {
	assert (message.server != "</script><img src=x onerror=alert(1)>")
}
PSL
check "a policy with hostile words compiles" "$DKC" build \
	-o "$TMP/bad.dk" "$TMP/bad/security.psl"
"$DKC" graph -o "$TMP/bad.html" "$TMP/bad.dk"
is "its words do not end the script" "$(grep -c '</script>' "$TMP/bad.html")" \
	"$(grep -c '</script>' "$TMP/picture.html")"
mv "$TMP/bad/security.psl" "$TMP/bad/kept"
"$DKC" graph -o "$TMP/gone.html" "$TMP/bad.dk"
has "without the policy's file a rule is its name and place" "$TMP/gone.html" \
	'"method":"assert".*"text":null,"line":8'

# ---- what may never be ----

cat apps/picture/security.psl - >"$TMP/never.psl" <<'PSL'
assert "more" {
	never flow picture.PictureManager ~> picture.ValidPictureClient
	never flow picture.NonValidPictureClient ~> picture.PictureManager
}
PSL
check "a policy is drawn as its image is" cmp "$TMP/picture.dot" <(
	"$DKC" graph -I apps/picture --init apps/picture/init.yaml \
		"$TMP/never.psl" | sed '1s/"never"/"picture"/')
check "its page is written" "$DKC" graph -I apps/picture -o "$TMP/never.html" "$TMP/never.psl"
has "with what holds" "$TMP/never.html" \
	'"never request src=picture.NonValidPictureClient.*"is":"holds","why":null,"chain":\[\]'
has "and with what does not, and the way" "$TMP/never.html" \
	'"never flow picture.PictureManager ~\\u003e picture.ValidPictureClient".*"is":"fails".*"chain":\[\[3,'
has "an image has none" "$TMP/picture.html" '"nevers":\[\]'
cp "$TMP/never.psl" "$TMP/wrong.psl"
echo 'assert { never request src=picture.Nobody }' >>"$TMP/wrong.psl"
refused "a never of no class" 1 "unknown class 'picture.Nobody'" \
	-I apps/picture "$TMP/wrong.psl"
refused "the policy itself as output" 2 'would take its place' \
	-o "$TMP/wrong.psl" "$TMP/wrong.psl"

# ---- the page in a browser ----

missing=$(browser_missing)
if [[ -n $missing ]]; then
	skip "the page works in a browser" \
		"not installed: $missing (scripts/setup --browser)"
	done_testing
fi
if ! browser_begin; then
	not_ok "the browser starts"
	note <"$TMP/browser.out"
	done_testing
fi
page=file://$TMP/picture.html
edge() { # A B: the selector of the arrow or cell, of classes of picture
	printf "[data-key='picture.%s>picture.%s']" "$1" "$2"
}
click() { # SELECTOR
	browser_js "document.querySelector(\"$1\").dispatchEvent(new
		MouseEvent('click', { bubbles: true })); return 1" >/dev/null
}
count() { # SELECTOR
	browser_js "return document.querySelectorAll(\"$1\").length"
}
side() {
	browser_js "return document.getElementById('side').innerText" |
		sed 's/\\n/ /g'
}
picture() { # NAME
	[[ -z ${GRAPH_PICTURES-} ]] || browser_picture "$GRAPH_PICTURES/$1.png"
}
like() { # NAME TEXT REGEX
	printf '%s\n' "$2" >"$TMP/like"
	has "$1" "$TMP/like" "$3"
}

browser_size 1280 800
browser_open "$page"
is "the title is the image's" "$(browser_js 'return document.title')" \
	"picture: who may say what to whom"
is "the classes that say something are nodes" "$(count .node)" 5
is "each that may ask another has an arrow" "$(count .edge)" 7
is "who may not has none" "$(count "$(edge NonValidPictureClient \
	PictureManager)")" 0
picture graph
click "$(edge ValidPictureClient PictureManager)"
like "a click shows the rules" "$(side)" \
	'request album.pictures.Thumbnail depends .*assert \(message.width <= 512\) apps/picture/security.psl:[0-9]+'
is "and the arrow is marked" "$(count '.edge.on')" 1
picture rules
browser_keys Escape
is "Escape lets go" "$(count '.edge.on')" 0

browser_js "const s = document.getElementById('search'); s.value = 'THUMB';
	s.dispatchEvent(new Event('input')); return 1" >/dev/null
is "a search leaves what fits" "$(count .edge)" 1
browser_js "const s = document.getElementById('search'); s.value = 'nothing';
	s.dispatchEvent(new Event('input')); return 1" >/dev/null
like "and says when nothing does" \
	"$(browser_js "return document.getElementById('view').innerText")" \
	'Nothing is granted'
browser_open "$page"
browser_js "const c = document.getElementById('class');
	c.value = 'picture.NonValidPictureClient';
	c.dispatchEvent(new Event('change')); return 1" >/dev/null
is "a class alone leaves what is about it" "$(count .edge)" 2
browser_open "$page"
is "starts are not shown at first" "$(count "[data-class='Einit']")" 0
browser_js "document.querySelector(\"input[value='execute']\").click();
	return 1" >/dev/null
is "and are when asked for" "$(count "[data-class='Einit']")" 1
click "[data-class='picture.PictureManager']"
like "a class shows who may address it" "$(side)" \
	'It may be addressed by .*picture.ValidPictureClient \(4\)'
like "what is chosen stands behind the page's name" \
	"$(browser_js 'return location.hash')" 'sel=picture.PictureManager'

# By keyboard alone: from the search to the matrix, and through it.
browser_open "$page"
browser_js "document.getElementById('search').focus(); return 1" >/dev/null
browser_keys Tab Tab Tab Tab Tab Tab Tab Right
is "the matrix comes by keyboard" "$(count table)" 1
is "with a cell for each pair" "$(count 'td')" 9
browser_keys Tab
focus() {
	browser_js 'return document.activeElement.dataset.key || ""'
}
is "Tab goes into it" "$(focus)" "picture.PictureManager>kl.core.Core"
browser_keys Right Down Right
is "arrows go from cell to cell, and not beyond" "$(focus)" \
	"picture.ValidPictureClient>picture.PictureManager"
browser_keys Enter
like "Return shows the rules" "$(side)" 'picture.ValidPictureClient → picture.PictureManager .*Describe granted'
is "and the cell keeps the focus" "$(focus)" \
	"picture.ValidPictureClient>picture.PictureManager"
browser_keys Down Enter
like "a cell without a rule says that it is denied" "$(side)" \
	'No rule grants any'
picture matrix

# What may never be, by keyboard.
is "without a never there is nothing to choose" \
	"$(browser_js 'return document.getElementById("nevers").hidden')" true
browser_open "file://$TMP/never.html"
choose() { # KEY...: as a person does who came to the list
	browser_js "document.getElementById('never').focus(); return 1" \
		>/dev/null
	browser_keys "$@"
}
is "there is one for each" "$(count '#never option')" 5
is "none is chosen at first" "$(count '.path')" 0
choose Down
like "one that holds is proved" "$(side)" \
	'never request src=picture.NonValidPictureClient dst=picture.PictureManager +proved'
is "and marks nothing" "$(count '.path')" 0
choose Down Down
like "one that fails says by what" "$(side)" \
	'does not hold .*PictureManager → picture.ValidPictureClient response album.pictures.*answers a request'
is "its way is marked" "$(count '.edge.path')" 1
is "with its ends" "$(count '.node.path')" 2
is "and the rest is faint" "$(count '.edge.faint')" \
	"$(($(count .edge) - 1))"
like "it stands behind the page's name" \
	"$(browser_js 'return location.hash')" 'never=2'
picture never
browser_js "document.querySelector('aside ol button').focus(); return 1" \
	>/dev/null
browser_keys Enter
like "a step leads to its rules" "$(side)" \
	'picture.PictureManager → picture.ValidPictureClient .*response album'
browser_keys Escape
like "Escape leads back" "$(side)" 'does not hold'
browser_open "file://$TMP/never.html#never=2&view=matrix"
is "the matrix marks it, too" "$(count 'td .path')" 1
picture never-matrix
choose Up Up Up
is "nothing chosen is nothing marked" "$(count '.path')" 0
browser_open "file://$TMP/never.html#never=77"
is "a never that there is not is none" "$(count '.path')" 0
for dark in no yes; do
	browser_size 390 800
	browser_dark $dark
	browser_open "file://$TMP/never.html#never=2"
	is "dark $dark: it fits on a telephone" "$(browser_js 'return Math.max(0,
		document.documentElement.scrollWidth - window.innerWidth)')" 0
	picture "never-telephone-$dark"
done
browser_size 1280 800
browser_dark no

# On a telephone, and in the dark.
overflow='return Math.max(0,
	document.documentElement.scrollWidth - window.innerWidth)'
for view in graph matrix; do
	browser_size 390 800
	browser_open "$page#view=$view&sel=picture.PictureManager"
	is "$view: a telephone need not scroll sideways" \
		"$(browser_js "$overflow")" 0
	picture "telephone-$view"
done
contrast='
	const lum = c => { const v = c.match(/[0-9.]+/g).slice(0, 3).map(x => {
		x /= 255; return x <= .03928 ? x / 12.92 :
			((x + .055) / 1.055) ** 2.4; });
		return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
	const all = [...document.querySelectorAll("p, h1, h2, h3, code, .where, aside button, aside .grant, aside .maybe, label")];
	const back = lum(getComputedStyle(document.querySelector("aside")).backgroundColor);
	return Math.min(...all.map(e => { const f = lum(getComputedStyle(e).color);
		return (Math.max(f, back) + .05) / (Math.min(f, back) + .05); })) >= 4.5'
chosen='#sel=picture.ValidPictureClient>picture.PictureManager'
for dark in no yes; do
	browser_size 1280 800
	browser_dark $dark
	browser_open "$page$chosen"
	is "dark $dark: every word has a contrast of 4.5 at least" \
		"$(browser_js "$contrast")" true
	picture "dark-$dark"
done
is "in the dark the page is dark" "$(browser_js 'return
	getComputedStyle(document.body).backgroundColor')" "rgb(20, 22, 26)"

browser_open "file://$TMP/bad.html"
is "hostile words are only words" "$(count img)" 0
is "and the page works" "$(count .edge)" 1
is "the pages complain of nothing" "$(browser_complaints)" ""
browser_end
done_testing
