/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The source of the probe, ../probe/probe.c, taken in when this is compiled
   (from the top of the tree), so that a suite runs from any folder. */
#ifndef TESTS_LAUNCH_PROBE_H
#define TESTS_LAUNCH_PROBE_H

extern const char launch_probe_source[];

__asm__(".pushsection .rodata\n"
	".globl launch_probe_source\n"
	"launch_probe_source:\n"
	".incbin \"tests/unit/probe/probe.c\"\n"
	".byte 0\n"
	".popsection\n");

#endif
