/* Made by dkc from all/Types.idl: do not edit. */
#if defined(NK_USE_UNQUALIFIED_NAMES) && !defined(all_Types_idl_h_UNQUALIFIED)
#define all_Types_idl_h_UNQUALIFIED
#define Types_Name all_Types_Name
#define Types_Block all_Types_Block
#define Types_Hash all_Types_Hash
#define Types_Pair all_Types_Pair
#define Types_Records all_Types_Records
#define Types_Record all_Types_Record
#define Types_Kind all_Types_Kind
#define Types_Point all_Types_Point
#define Types_Kind_small_tag all_Types_Kind_small_tag
#define Types_Kind_large_tag all_Types_Kind_large_tag
#define Types_Kind_text_tag all_Types_Kind_text_tag
#define Types_Kind_three_tag all_Types_Kind_three_tag
#define Types_Kind_point_tag all_Types_Kind_point_tag
#define Types_Pinger all_Types_Pinger
#define Types_Keys all_Types_Keys
#endif

#ifndef all_Types_idl_h
#define all_Types_idl_h

#include <nk/types.h>
#include <all/Numbers.idl.h>

typedef nk_ptr_t all_Types_Name;	/* string<255> */

typedef nk_ptr_t all_Types_Block;	/* bytes<16384> */

typedef nk_uint8_t all_Types_Hash[32];

typedef all_Types_Hash all_Types_Pair[2];

struct all_Types_Point {
	nk_sint32_t x;
	nk_sint32_t y;
};
typedef struct all_Types_Point all_Types_Point;
nk_static_assert(sizeof(struct all_Types_Point) == 8, "all.Types.Point");

enum {
	all_Types_Kind_small_tag = 0,
	all_Types_Kind_large_tag = 1,
	all_Types_Kind_text_tag = 2,
	all_Types_Kind_three_tag = 3,
	all_Types_Kind_point_tag = 4,
};

struct all_Types_Kind {
	nk_uint32_t tag_;
	__extension__ union {
		nk_uint8_t small;
		nk_sint64_t large;
		all_Types_Name text;	/* string<255> */
		nk_uint16_t three[3];
		all_Types_Point point;
	};
};
typedef struct all_Types_Kind all_Types_Kind;
nk_static_assert(sizeof(struct all_Types_Kind) == 16, "all.Types.Kind");

struct all_Types_Record {
	all_Types_Name name;	/* string<255> */
	all_Types_Hash hash;
	all_Types_Kind kind;
	all_Numbers_Door doors[2][3];
};
typedef struct all_Types_Record all_Types_Record;
nk_static_assert(sizeof(struct all_Types_Record) == 72, "all.Types.Record");

typedef nk_ptr_t all_Types_Records;	/* sequence<all.Types.Record,8> */

typedef nk_handle_desc_t all_Types_Pinger;

struct all_Types_Keys {
	nk_handle_desc_t first;
	all_Types_Pinger more[2];
	nk_uint8_t n;
};
typedef struct all_Types_Keys all_Types_Keys;
nk_static_assert(sizeof(struct all_Types_Keys) == 56, "all.Types.Keys");


#endif
