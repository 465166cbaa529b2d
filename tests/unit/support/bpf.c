/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "bpf.h"

#include <string.h>

static uint32_t load(const struct seccomp_data *data, uint32_t offset)
{
	uint32_t word;

	if (offset % 4 || offset > sizeof(*data) - sizeof(word))
		return BPF_BROKEN;
	memcpy(&word, (const char *)data + offset, sizeof(word));
	return word;
}

static int compare(uint16_t op, uint32_t a, uint32_t k)
{
	switch (op) {
	case BPF_JEQ: return a == k;
	case BPF_JGT: return a > k;
	case BPF_JGE: return a >= k;
	case BPF_JSET: return (a & k) != 0;
	}
	return -1;
}

uint32_t bpf_run(const struct sock_filter *code, size_t n,
		 const struct seccomp_data *data, uint8_t *taken)
{
	uint32_t a = 0;

	for (size_t at = 0; at < n; at++) {
		const struct sock_filter *insn = &code[at];
		int yes;

		switch (BPF_CLASS(insn->code)) {
		case BPF_LD:
			if (insn->code != (BPF_LD | BPF_W | BPF_ABS))
				return BPF_BROKEN;
			a = load(data, insn->k);
			break;
		case BPF_ALU:
			if (insn->code != (BPF_ALU | BPF_AND | BPF_K))
				return BPF_BROKEN;
			a &= insn->k;
			break;
		case BPF_JMP:
			if (BPF_OP(insn->code) == BPF_JA) {
				at += insn->k;
				break;
			}
			yes = compare(BPF_OP(insn->code), a, insn->k);
			if (yes < 0 || BPF_SRC(insn->code) != BPF_K)
				return BPF_BROKEN;
			if (taken)
				taken[at] |= yes ? BPF_TAKEN_YES : BPF_TAKEN_NO;
			at += yes ? insn->jt : insn->jf;
			break;
		case BPF_RET:
			return insn->code == (BPF_RET | BPF_K) ? insn->k : BPF_BROKEN;
		default:
			return BPF_BROKEN;
		}
	}
	return BPF_BROKEN;	/* ran off the end */
}
