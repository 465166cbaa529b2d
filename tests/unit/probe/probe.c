/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A program without a library, for the launcher's tests: it makes exactly the
 * system calls that its arguments say, and prints what came back. An argument:
 *	"NUMBER A B ..."  a call; a number in decimal or 0x, @ for a buffer, or a
 *			  path from "/" or "." to the next blank: prints
 *			  "NUMBER=RESULT"
 *	"*NUMBER B"	  the call for each descriptor 0 .. 299 as A: prints "fdN"
 *			  for those with which it does not fail
 *	"$"		  prints the buffer as text
 *	"!NUMBER"	  a call by int 0x80
 *	"wwpath"	  (the first one) prints all arguments and the environment
 * Compiled by the tests with -nostdlib; see support/launch.c.
 */
typedef long word;

static word buffer[4096];

static word call(word number, const word *a)
{
	register word r10 __asm__("r10") = a[3];
	register word r8 __asm__("r8") = a[4];
	register word r9 __asm__("r9") = a[5];
	word result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a[0]), "S"(a[1]), "d"(a[2]),
			   "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

static word call_32(word number)
{
	word result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(0)
			 : "memory", "r8", "r9", "r10", "r11");
	return result;
}

static void print(const char *text, word n)
{
	const word a[6] = { 1, (word)text, n, 0, 0, 0 };

	call(1, a);
}

static void print_text(const char *text)
{
	word n = 0;

	while (text[n])
		n++;
	print(text, n);
	print("\n", 1);
}

static void print_number(word value)
{
	char text[24];
	int i = 24, minus = value < 0;
	unsigned long rest = minus ? 0ul - (unsigned long)value
		: (unsigned long)value;

	do {
		text[--i] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (minus)
		text[--i] = '-';
	print(text + i, 24 - i);
}

static void print_pair(const char *between, word a, word b, int has_a)
{
	if (has_a)
		print_number(a);
	for (const char *c = between; *c; c++)
		print(c, 1);
	print_number(b);
	print("\n", 1);
}

static word read_number(char **at)
{
	word value = 0, base = 10, minus = 0;

	if (**at == '-') {
		minus = 1;
		(*at)++;
	}
	if ((*at)[0] == '0' && (*at)[1] == 'x') {
		base = 16;
		*at += 2;
	}
	for (; **at && **at != ' '; (*at)++)
		value = value * base
			+ (**at <= '9' ? **at - '0' : **at - 'a' + 10);
	return minus ? -value : value;
}

/* One argument of a call; ends a path with a zero where the blank was. */
static word read_word(char **at)
{
	char *from = *at;

	if (*from == '@') {
		(*at)++;
		return (word)buffer;
	}
	if (*from != '/' && *from != '.')
		return read_number(at);
	while (**at && **at != ' ')
		(*at)++;
	return (word)from;
}

static void make_call(char *at)
{
	word a[6] = { 0 };
	word number = read_number(&at);

	for (int i = 0; i < 6 && *at; i++) {
		*at++ = 0;
		a[i] = read_word(&at);
	}
	print_pair("=", number, call(number, a), 1);
}

static void make_calls(char *at)
{
	word a[6] = { 0 };
	word number = read_number(&at);

	if (*at) {
		at++;
		a[1] = read_number(&at);
	}
	for (a[0] = 0; a[0] < 300; a[0]++)
		if (call(number, a) >= 0)
			print_pair("fd", 0, a[0], 0);
}

static void do_argument(char *argument)
{
	char *at = argument + 1;

	switch (*argument) {
	case '$':
		print_text((const char *)buffer);
		break;
	case '!':
		print_number(call_32(read_number(&at)));
		print("\n", 1);
		break;
	case '*':
		make_calls(at);
		break;
	default:
		make_call(argument);
	}
}

__attribute__((noreturn, used)) void start(word *stack);

void start(word *stack)
{
	const word none[6] = { 0 };
	word argc = stack[0];
	char **argv = (char **)(stack + 1), **envp = argv + argc + 1;
	int words = argc > 1 && argv[1][0] == 'w';

	for (word i = words ? 0 : 1; i < argc; i++) {
		if (words)
			print_text(argv[i]);
		else
			do_argument(argv[i]);
	}
	for (; words && *envp; envp++)
		print_text(*envp);
	call(231, none);
	for (;;)
		;
}

__asm__(".globl _start\n"
	"_start:\n"
	"	mov %rsp, %rdi\n"
	"	and $-16, %rsp\n"
	"	call start\n");
