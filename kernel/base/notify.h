/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The service manager's protocol, as sd_notify(3) describes it: words in the
 * environment, datagrams of NAME=value lines back.
 */
#ifndef DK_BASE_NOTIFY_H
#define DK_BASE_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

/* Of NOTIFY_SOCKET; -ENOENT if there is none, else -errno. */
int notify_open(void);

/* Of WATCHDOG_USEC, if WATCHDOG_PID is not another process; else 0. */
uint32_t notify_watchdog_ms(void);

/* One datagram, never waited for. Whether it was taken. */
bool notify_send(int fd, const char *text);

#endif
