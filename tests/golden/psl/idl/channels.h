/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#define STORAGE_CHANNEL_OLD "old"
#  define STORAGE_CHANNEL	"storage_channel"
#define NUMBER 1
