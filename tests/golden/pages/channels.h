/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#define BACK_DOOR "back"
