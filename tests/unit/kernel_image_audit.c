/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What an image says about audit, and images that say it wrongly. */
#include "support/image_maker.h"
#include "unsound.h"

static struct maker maker;
static uint8_t *file;
static size_t size;
static struct image image;
static struct image_fault fault;

static void setup(void)
{
	maker_sample(&maker);
	maker_audit(&maker);
}

static void teardown(void)
{
	maker_free_file(file, size);
	maker_deinit(&maker);
}

START_TEST(the_sample_with_audit_loads)
{
	file = maker_file(&maker, &size);
	ck_assert_msg(image_load(&image, file, size, &fault), "%s", fault.what);
	ck_assert_uint_eq(image.n_levels, 4);
	ck_assert_uint_eq(image.n_audits, 2);
}
END_TEST

#define LEVEL(i) (*(uint32_t *)maker_at(&maker, SECTION_LEVELS, i))
#define AUDIT(i) ((struct image_audit *)maker_at(&maker, SECTION_AUDITS, i))
#define RULE(i) ((struct image_rule *)maker_at(&maker, SECTION_RULES, i))
#define ACTION(i) ((struct image_action *)maker_at(&maker, SECTION_ACTIONS, i))
#define COUNT(section) maker.sections[section].count

static void add_levels(uint32_t n)
{
	for (uint32_t level = 100; level < 100 + n; level++)
		maker_add(&maker, SECTION_LEVELS, &level, 1);
}

static void forget_audit(void)
{
	COUNT(SECTION_LEVELS) = COUNT(SECTION_AUDITS) = 0;
	for (uint32_t i = 0; i < SAMPLE_CALLS; i++)
		RULE(i)->audit = IMAGE_NONE;
}

/* X(name, what is changed, section of the fault) */
#define UNSOUND(X) \
X(levels_that_shrink, LEVEL(2) = 8, SECTION_LEVELS) \
X(level_twice, LEVEL(3) = 1, SECTION_LEVELS) \
X(levels_without_number, add_levels(IMAGE_LEVELS_MAX - 2), SECTION_LEVELS) \
X(profile_without_name, AUDIT(0)->profile = 0, SECTION_AUDITS) \
X(profile_of_no_name, AUDIT(1)->profile = UINT32_MAX, SECTION_AUDITS) \
X(profile_of_no_object, AUDIT(1)->object = 2, SECTION_AUDITS) \
X(grant_at_no_level, AUDIT(1)->granted = 8, SECTION_AUDITS) \
X(denial_at_no_level, AUDIT(1)->denied = 1u << 31, SECTION_AUDITS) \
X(rule_of_no_profile, RULE(4)->audit = 2, SECTION_RULES) \
X(rule_of_none, RULE(0)->audit = IMAGE_NONE, SECTION_RULES) \
X(rule_of_another_object, RULE(3)->object = RULE(3)->method, SECTION_RULES) \
X(rule_with_a_profile_without_levels, COUNT(SECTION_LEVELS) = 0, \
  SECTION_AUDITS) \
X(rule_with_a_profile_of_none, (forget_audit(), RULE(2)->audit = 0), \
  SECTION_RULES) \
X(action_that_hides_a_grant, ACTION(0)->granted = 2, SECTION_ACTIONS) \
X(action_that_makes_up_a_grant, ACTION(2)->granted = 7, SECTION_ACTIONS) \
X(action_with_audit_where_none_is, forget_audit(), SECTION_ACTIONS)

UNSOUND_TABLE

START_TEST(an_unsound_audit_is_refused)
{
	unsound[_i].change();
	file = maker_file(&maker, &size);
	unsound_expect(&unsound[_i], file, size, &image);
}
END_TEST

/* As many levels as there may be, and the bit of the last. */
START_TEST(all_levels_there_may_be_load)
{
	add_levels(IMAGE_LEVELS_MAX - 3);
	AUDIT(1)->denied = 1u << 31;
	file = maker_file(&maker, &size);
	ck_assert_msg(image_load(&image, file, size, &fault), "%s", fault.what);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("image_audit");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, the_sample_with_audit_loads);
	tcase_add_loop_test(tests, an_unsound_audit_is_refused, 0,
			    SUITE_LENGTH(unsound));
	tcase_add_test(tests, all_levels_there_may_be_load);
	return suite_run("image_audit", tests);
}
