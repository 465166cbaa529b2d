/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#ifndef KOS_THREAD_H
#define KOS_THREAD_H

#include <coresrv/thread/thread_api.h>

#endif
