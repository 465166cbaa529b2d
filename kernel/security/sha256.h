/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* SHA-256 of FIPS 180-4. Pure. */
#ifndef DK_SECURITY_SHA256_H
#define DK_SECURITY_SHA256_H

#include <stddef.h>
#include <stdint.h>

struct sha256 {
	uint32_t state[8];
	uint64_t length;	/* bytes taken so far */
	uint8_t block[64];
};

void sha256_init(struct sha256 *hash);
void sha256_update(struct sha256 *hash, const void *data, size_t size);
void sha256_final(struct sha256 *hash, uint8_t digest[32]);

#endif
