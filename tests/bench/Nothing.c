/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A program whose start is all that it costs. */
int main(void)
{
	return 0;
}
