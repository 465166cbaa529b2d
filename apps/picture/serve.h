/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The interface picture.Pictures over a store, on one listener. It answers what
 * arrives: who may ask for what is none of its business.
 */
#ifndef PICTURE_SERVE_H
#define PICTURE_SERVE_H

#include <nk/types.h>

#include "store.h"

/* Serves until the listener is gone; then returns why. */
nk_err_t serve(Handle listener, struct store *store);

#endif
