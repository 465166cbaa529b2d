/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What one can do at a terminal. Each says on standard output what came of it,
 * in one line.
 */
#ifndef LOGIN_TERMINAL_H
#define LOGIN_TERMINAL_H

#include <coresrv/nk/transport-kos.h>
#include <login/Device.idl.h>
#include <login/Session.idl.h>
#include <stdbool.h>

struct terminal {
	NkKosTransport doorman_transport, machine_transport;
	struct login_Session_proxy doorman;
	struct login_Device_proxy machine;
};

/* False: there are no channels. */
bool terminal_init(struct terminal *terminal);
void terminal_log_in(struct terminal *terminal, nk_uint32_t pin);
void terminal_log_out(struct terminal *terminal);
void terminal_move(struct terminal *terminal, nk_uint32_t to);

#endif
