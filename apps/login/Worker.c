/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Tries what is refused, logs in, works, and leaves without logging out. */
#include <stdlib.h>

#include "terminal.h"

int main(void)
{
	struct terminal terminal;

	if (!terminal_init(&terminal))
		return EXIT_FAILURE;
	terminal_move(&terminal, 10);	/* refused: no session */
	terminal_log_out(&terminal);	/* refused: nothing to leave */
	terminal_log_in(&terminal, 1111);
	terminal_move(&terminal, 20);	/* refused: the PIN was wrong */
	terminal_log_in(&terminal, 4711);
	terminal_move(&terminal, 30);
	terminal_log_in(&terminal, 4711);	/* refused: is logged in */
	terminal_move(&terminal, 40);
	terminal_log_out(&terminal);
	terminal_move(&terminal, 50);	/* refused again */
	terminal_log_in(&terminal, 4711);
	terminal_move(&terminal, 60);
	return EXIT_SUCCESS;
}
