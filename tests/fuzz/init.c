/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* init.yaml: a start list, compiled with the rest of a solution. */
#include "support/parser.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	parser_init("init.yaml");
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	parser_run(data, size);
	return 0;
}
