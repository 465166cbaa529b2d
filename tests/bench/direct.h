/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What DirectClient and DirectServer agree on: whole frames of the wire. */
#ifndef TESTS_BENCH_DIRECT_H
#define TESTS_BENCH_DIRECT_H

#define DIRECT_FD	4	/* the first static end */
#define DIRECT_HEADER	48u
#define DIRECT_SMALL	(DIRECT_HEADER + 64u)
#define DIRECT_LARGE	(DIRECT_HEADER + 8u + 61440u)
#define DIRECT_NUMBER	DIRECT_HEADER	/* where the round's number is */

#endif
