/* Made by dkc from all/Twin.idl: do not edit. */
#if defined(NK_USE_UNQUALIFIED_NAMES) && !defined(all_Twin_idl_h_UNQUALIFIED)
#define all_Twin_idl_h_UNQUALIFIED
#define Twin_Point all_Twin_Point
#define Twin_Deep all_Twin_Deep
#endif

#ifndef all_Twin_idl_h
#define all_Twin_idl_h

#include <nk/types.h>

struct all_Twin_Point {
	nk_uint8_t tiny;
};
typedef struct all_Twin_Point all_Twin_Point;
nk_static_assert(sizeof(struct all_Twin_Point) == 1, "all.Twin.Point");

struct all_Twin_Deep {
	nk_uint8_t cube[2][2][2][2][2];
};
typedef struct all_Twin_Deep all_Twin_Deep;
nk_static_assert(sizeof(struct all_Twin_Deep) == 32, "all.Twin.Deep");


#endif
