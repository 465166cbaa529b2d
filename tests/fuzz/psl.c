/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* security.psl: a policy, compiled with the rest of a solution. */
#include "support/parser.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	parser_init("security.psl");
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	parser_run(data, size);
	return 0;
}
