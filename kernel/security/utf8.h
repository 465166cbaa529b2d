/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * UTF-8 as RFC 3629 has it: no surrogates, nothing above U+10FFFF, no longer
 * form than needed. A header, so that the body check stands alone in libdk.
 */
#ifndef DK_SECURITY_UTF8_H
#define DK_SECURITY_UTF8_H

#include <stdbool.h>
#include <stdint.h>

/* Whether the SIZE bytes at AT are UTF-8 without a zero byte. */
static inline bool utf8_valid_text(const uint8_t *at, uint32_t size)
{
	uint32_t i = 0;

	while (i < size) {
		uint8_t lead = at[i], low = 0x80, high = 0xbf;
		uint32_t more;

		if (lead == 0)
			return false;
		if (lead < 0x80) {
			i++;
			continue;
		}
		if (lead >= 0xc2 && lead <= 0xdf)
			more = 1;
		else if (lead >= 0xe0 && lead <= 0xef)
			more = 2;
		else if (lead >= 0xf0 && lead <= 0xf4)
			more = 3;
		else
			return false;
		if (size - i <= more)
			return false;
		/* Table 3-7 of the Unicode standard: four leads narrow the
		   second byte, against overlong forms and surrogates. */
		if (lead == 0xe0)
			low = 0xa0;
		else if (lead == 0xed)
			high = 0x9f;
		else if (lead == 0xf0)
			low = 0x90;
		else if (lead == 0xf4)
			high = 0x8f;
		if (at[i + 1] < low || at[i + 1] > high)
			return false;
		for (uint32_t k = 2; k <= more; k++)
			if (at[i + k] < 0x80 || at[i + k] > 0xbf)
				return false;
		i += more + 1;
	}
	return true;
}

#endif
