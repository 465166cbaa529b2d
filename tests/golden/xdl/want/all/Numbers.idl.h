/* Made by dkc from all/Numbers.idl: do not edit. */
#if defined(NK_USE_UNQUALIFIED_NAMES) && !defined(all_Numbers_idl_h_UNQUALIFIED)
#define all_Numbers_idl_h_UNQUALIFIED
#define Numbers_Eight all_Numbers_Eight
#define Numbers_Octal all_Numbers_Octal
#define Numbers_Most8 all_Numbers_Most8
#define Numbers_Most16 all_Numbers_Most16
#define Numbers_Most32 all_Numbers_Most32
#define Numbers_Most64 all_Numbers_Most64
#define Numbers_Least8 all_Numbers_Least8
#define Numbers_Least16 all_Numbers_Least16
#define Numbers_Least32 all_Numbers_Least32
#define Numbers_Least64 all_Numbers_Least64
#define Numbers_Some64 all_Numbers_Some64
#define Numbers_More64 all_Numbers_More64
#define Numbers_NotZero all_Numbers_NotZero
#define Numbers_Page all_Numbers_Page
#define Numbers_Address all_Numbers_Address
#define Numbers_Mixed all_Numbers_Mixed
#define Numbers_Shifted all_Numbers_Shifted
#define Numbers_Power all_Numbers_Power
#define Numbers_Quotient all_Numbers_Quotient
#define Numbers_Remainder all_Numbers_Remainder
#define Numbers_Later all_Numbers_Later
#define Numbers_Http all_Numbers_Http
#define Numbers_Last all_Numbers_Last
#define Numbers_Port all_Numbers_Port
#define Numbers_Door all_Numbers_Door
#endif

#ifndef all_Numbers_idl_h
#define all_Numbers_idl_h

#include <nk/types.h>

#define all_Numbers_Eight 8u
#define all_Numbers_Octal 15u
#define all_Numbers_Most8 255u
#define all_Numbers_Most16 65535u
#define all_Numbers_Most32 4294967295u
#define all_Numbers_Most64 UINT64_C(18446744073709551615)
#define all_Numbers_Least8 (-128)
#define all_Numbers_Least16 (-32768)
#define all_Numbers_Least32 (-2147483647 - 1)
#define all_Numbers_Least64 (-INT64_C(9223372036854775807) - 1)
#define all_Numbers_Some64 (-INT64_C(5000000000))
#define all_Numbers_More64 INT64_C(5000000000)
#define all_Numbers_NotZero (-1)
#define all_Numbers_Page UINT64_C(4096)
#define all_Numbers_Address UINT64_C(2147418112)
#define all_Numbers_Mixed 261u
#define all_Numbers_Shifted 2u
#define all_Numbers_Power 512u
#define all_Numbers_Quotient (-3)
#define all_Numbers_Remainder (-1)
#define all_Numbers_Later 256u
#define all_Numbers_Http 80u
#define all_Numbers_Last 1u

typedef nk_uint16_t all_Numbers_Port;

typedef all_Numbers_Port all_Numbers_Door;


#endif
