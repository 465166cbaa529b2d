# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# A random policy for the classes in t/ whose rules ask objects about states, and
# little else: awk -v seed=N -f proof.awk </dev/null. What oracle.c writes seldom
# gets to a grant that depends on more than one of them.
function chance(n) {	# minimal standard; below 2^53, so exact in any awk
	random = (random * 16807) % 2147483647
	return int(random / 7) % n
}
function one(words, list, n) {
	n = split(words, list, " ")
	return list[1 + chance(n)]
}
function state() { return texts && !chance(3) ? "message.name" : "\"s" chance(4) "\"" }
function role() { return texts && !chance(3) ? "message.name" : "\"r" chance(3) "\"" }
function perm() { return texts && !chance(3) ? "message.name" : "\"p" chance(3) "\"" }
function or() { return texts && !chance(3) ? " || message.width == 1" : "" }
function level() {
	return chance(3) ? "\"" one("LOW MID HIGH") "\"" : \
		"{degree: \"" one("LOW MID HIGH") "\", categories: [\"net\"]}"
}
function maybe(key, value) { return chance(2) ? ", " key ": " value : "" }
function sid() { return one(sids) }
function mic(what) {
	what = one("execute create upgrade delete call invoke read write")
	if (what == "execute")
		return "mic.execute {target: " sid() maybe("image", sid()) \
			maybe("level", level()) maybe("levelR", "\"LOW\"") "}"
	if (what ~ /^(create|upgrade|delete)$/)
		return "mic." what " {source: " sid() ", target: " sid() \
			maybe("container", sid()) maybe("driver", sid()) \
			(what == "delete" ? "" : maybe("level", level())) "}"
	return "mic." what " {source: " sid() ", target: " sid() "}"
}
function flow(name, what) {
	name = one("flow spare")
	what = one("init fini enter enter allow allow query")
	if (what == "enter")
		return name ".enter {sid: " sid() ", state: " state() "}"
	if (what == "allow")
		return name ".allow {sid: " sid() ", states: [" state() ", " \
			state() "]}"
	if (what == "query")
		return one("assert deny") " (" (texts && chance(2) ? "message.width == 1 || " : "") name ".query {sid: " sid() \
			"} == " state() or() ")"
	return name "." what " {sid: " sid() "}"
}
function rbac(what) {
	what = one("init fini assign assign drop permit permit has_role")
	if (what ~ /^(init|fini)$/)
		return "duties." what " {sid: " sid() "}"
	if (what == "permit")
		return "duties.permit {sid: " sid() ", perm: " perm() "}"
	if (what == "has_role")
		return one("assert deny") " (duties.has_role {sid: " sid() \
			", role: " role() "}" (chance(2) ? " || " sid() " == " sid() : or()) ")"
	return "duties." what " {sid: " sid() ", role: " role() "}"
}
function rule(depth, which) {
	which = chance(depth ? 9 : 8)
	if (which < 4)
		return flow()
	if (which < 6)
		return rbac()
	if (which < 8)
		return mic()
	return "choice flow.query {sid: " sid() "} { \"s0\": { " rule(0) \
		" } \"s1\": { " rule(0) " " rule(0) " } _: " \
		one("grant deny") " () }"
}
function body(n, text) {
	for (text = ""; n > 0; n--)
		text = text "\n\t" rule(1)
	return " {" text "\n}"
}
function ways(n, from, text, to, list) {
	for (from = 0; from < n; from++) {
		list = ""
		for (to = 0; to < n; to++)
			if (chance(3) == 0)
				list = list (list ? ", " : "") "\"s" to "\""
		text = text (text ? ", " : "") "\"s" from "\": [" list "]"
	}
	return text
}
function object(name) {
	print "policy object " name " : Flow {\n\ttype State = \"s0\" | \"s1\" | " \
		"\"s2\" | \"s3\"\n\tconfig = {states: [\"s0\", \"s1\", \"s2\", " \
		"\"s3\"], initial: " state() ", transitions: {" ways(4) \
		"}, pool_size: " one("1 2 40") "}\n}"
}
END {
	random = seed * 48271 + 11
	for (i = 0; i < 20; i++)
		chance(2)
	split("base basic flow rbac mic", models, " ")
	for (i = 1; i in models; i++)
		print "use nk." models[i] "._"
	split("Server Client Other Mixed", classes, " ")
	for (i = 1; i in classes; i++)
		print "use EDL t." classes[i]
	object("flow")
	object("spare")
	print "policy object duties : Rbac {\n\tconfig = {roles: {\"r0\": " \
		"[\"p0\"], \"r1\": [\"p1\", \"p2\"], \"r2\": [\"p2\"]}, " \
		"exclusive: [[\"r0\", \"r1\"]]}\n}"
	print "policy object mic : Mic {\n\tconfig = {degrees: [\"LOW\", " \
		"\"MID\", \"HIGH\"], categories: [\"net\"]}\n}"
	sids = "dst_sid"
	for (i = 1; i in classes; i++) {
		if (chance(4))
			print "execute dst=t." classes[i] " { flow.init {sid: " \
				"dst_sid} }"
		if (chance(3))
			print "execute dst=t." classes[i] " { duties.init " \
				"{sid: dst_sid} }"
		if (chance(3))
			print "execute dst=t." classes[i] " { mic.execute " \
				"{target: dst_sid, level: " level() "} }"
	}
	for (i = 0; i < 20; i++) {
		sids = "src_sid src_sid dst_sid callable_sid"
		method = one("Clear Count Give Draw")
		kind = one("request request request response")
		if (method == "Give" && kind == "request")
			sids = sids " message.what message.other"
		texts = method == "Draw" && kind == "request"
		server = one("Server Server Mixed")
		client = one("Server Client Other Mixed")
		print kind " src=t." (kind == "request" ? client : server) \
			" dst=t." (kind == "request" ? server : client) \
			" endpoint=" one("left.main left.spare") " method=" \
			method body(1 + chance(2) * chance(3))
	}
	texts = 0
	sids = "src_sid"
	print "security src=t.Server method=Ask" body(1)
}
