/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Never logs in: whatever others have open is not open for it. */
#include <stdlib.h>

#include "terminal.h"

int main(void)
{
	struct terminal terminal;

	if (!terminal_init(&terminal))
		return EXIT_FAILURE;
	terminal_move(&terminal, 99);
	terminal_log_in(&terminal, 1234);
	terminal_move(&terminal, 99);
	terminal_log_out(&terminal);
	return EXIT_SUCCESS;
}
