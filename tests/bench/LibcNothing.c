/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A program that does nothing, linked as all of ours are. */
int main(void)
{
	return 0;
}
