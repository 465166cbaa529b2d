# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# The texts that parse_expect and its like say when what they want is missing:
# one a line, FILE TAB TEXT, as an extended regular expression.
function read_call(s,    i, c, depth, quoted, text, last, had) {
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		if (quoted) {
			if (c == "\\") {
				text = text c substr(s, ++i, 1)
			} else if (c == "\"") {
				quoted = 0
				had = 1
			} else {
				text = text c
			}
			continue
		}
		if (c == "\"") {
			quoted = 1
		} else if (c == ",") {
			if (had)
				last = text
			text = ""
			had = 0
		} else if (c == "(") {
			depth++
		} else if (c == ")" && --depth == 0) {
			break
		} else if (c == "?") {
			return ""	# one of several: the branch says which
		}
	}
	return had ? text : last
}
{
	source = source $0 " "
}
END {
	name = "(parse|lex)_(expect|word|qname)[(]"
	while (match(source, name)) {
		source = substr(source, RSTART)
		text = read_call(source)
		source = substr(source, RLENGTH + 1)
		if (text != "")
			print FILENAME "\t" text
	}
}
