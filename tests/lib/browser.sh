# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# A real browser without a window, for tests of a page. After lib/tap.sh:
#   browser_missing       what is not installed, or nothing
#   browser_begin         starts it; fails if it does not answer
#   browser_open URL      browser_size WIDTH HEIGHT      browser_dark yes|no
#   browser_js 'return …' prints the value; a text without its quotes
#   browser_keys KEY...   presses them; Tab, Enter, Escape, Left, … or a letter
#   browser_picture FILE.png
#   browser_complaints    errors of the page so far
# It speaks WebDriver, as W3C has it, to chromedriver on this machine.

browser_missing() {
	local command
	for command in chromium chromedriver curl; do
		command -v "$command" >/dev/null || echo "$command"
	done | paste -sd' ' -
}

# The last answer is in $TMP/browser.answer.
browser_ask() { # METHOD PATH [JSON]
	curl -s -S --max-time 60 -X "$1" "$BROWSER$2" \
		-H 'Content-Type: application/json' ${3:+--data-binary "$3"} \
		-o "$TMP/browser.answer"
}

# "value" of the last answer, which is a text, a number or a boolean.
browser_value() {
	sed -E -e 's/^\{"value":(.*)\}$/\1/' -e 's/^"(.*)"$/\1/' \
		-e 's/\\"/"/g' -e 's/\\u003C/</g' -e 's/\\\\/\\/g' \
		"$TMP/browser.answer"
}

browser_begin() {
	local port session
	spawn browser chromedriver --port=0
	await_line "$TMP/browser.out" 'started successfully on port' 30 || return
	port=$(sed -n 's/.*successfully on port \([0-9]*\).*/\1/p' "$TMP/browser.out")
	BROWSER=http://127.0.0.1:$port
	browser_ask POST /session '{"capabilities":{"alwaysMatch":{
		"browserName":"chrome","goog:loggingPrefs":{"browser":"ALL"},
		"goog:chromeOptions":{"binary":"'"$(command -v chromium)"'","args":[
		"--headless","--no-sandbox","--disable-gpu","--disable-quic",
		"--no-first-run","--disable-background-networking",
		"--disable-component-update","--disable-sync",
		"--user-data-dir='"$TMP"'/profile"]}}}}' || return
	session=$(grep -oE '"sessionId":"[^"]+"' "$TMP/browser.answer" |
		cut -d'"' -f4)
	[[ -n $session ]] || return
	BROWSER=$BROWSER/session/$session
}

browser_end() {
	browser_ask DELETE ''
	kill -TERM -- "-$PID" 2>/dev/null
	await "$PID" 10
}

browser_open() { # URL
	browser_ask POST /url '{"url":"about:blank"}'
	browser_ask POST /url "{\"url\":\"$1\"}"
}

browser_size() { # WIDTH HEIGHT, of the page itself, as a telephone has it
	browser_ask POST /goog/cdp/execute "{\"cmd\":
		\"Emulation.setDeviceMetricsOverride\",\"params\":{\"width\":$1,
		\"height\":$2,\"deviceScaleFactor\":1,\"mobile\":false}}"
}

browser_dark() { # yes|no
	local scheme=light
	[[ $1 == no ]] || scheme=dark
	browser_ask POST /goog/cdp/execute "{\"cmd\":
		\"Emulation.setEmulatedMedia\",\"params\":{\"features\":[{
		\"name\":\"prefers-color-scheme\",\"value\":\"$scheme\"}]}}"
}

browser_js() { # SCRIPT
	local script=${1//\\/\\\\}
	script=${script//\"/\\\"}
	script=${script//$'\n'/ }
	browser_ask POST /execute/sync \
		"{\"script\":\"${script//$'\t'/ }\",\"args\":[]}"
	browser_value
}

browser_keys() { # KEY...
	local key code list=
	for key; do
		case $key in	# WebDriver's numbers of the keys
		Tab) code='\ue004' ;;
		Enter) code='\ue007' ;;
		Escape) code='\ue00c' ;;
		Left) code='\ue012' ;;
		Up) code='\ue013' ;;
		Right) code='\ue014' ;;
		Down) code='\ue015' ;;
		*) code=$key ;;
		esac
		list+=",{\"type\":\"keyDown\",\"value\":\"$code\"}"
		list+=",{\"type\":\"keyUp\",\"value\":\"$code\"}"
	done
	browser_ask POST /actions "{\"actions\":[{\"type\":\"key\",
		\"id\":\"keys\",\"actions\":[${list#,}]}]}"
}

browser_picture() { # FILE.png
	browser_ask GET /screenshot
	browser_value | base64 -d >"$1"
}

browser_complaints() {
	browser_ask POST /se/log '{"type":"browser"}'
	grep -oE '"level":"SEVERE","message":"[^}]*' "$TMP/browser.answer"
}
