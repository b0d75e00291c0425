/* test_check_process.c - the real sluice-check, confined: it says byte for byte what the same code says in-process. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/keeper/keeper.h"
#include "tests/unit/rules/kit.h"

#define BODIES 5

/* SETUP, then PLAN and RESULT per output. */
struct talk {
	struct sl_buf bodies[BODIES];
	struct sl_keeper_message messages[BODIES];
	size_t n;
};

static void say(struct talk *t, enum sl_frame_type type, const struct sl_record *record, const void *value)
{
	struct sl_buf *body = &t->bodies[t->n];
	struct sl_err err = { 0 };

	assert_true(t->n < BODIES);
	assert_int_equal(sl_codec_encode(record, value, body, &err), SL_OK);
	t->messages[t->n++] = (struct sl_keeper_message){ type, body->data, body->len };
}

static void say_all(struct talk *t, const struct kit *k)
{
	say(t, SL_FRAME_CHECK_SETUP, &sl_check_setup_record, &k->setup);
	for (uint32_t i = 0; i < k->setup.nplans; i++) {
		say(t, SL_FRAME_PLAN, &sl_plan_record, &k->plans[i]);
		say(t, SL_FRAME_RESULT, &sl_result_record, &k->results[i]);
	}
}

static void forget(struct talk *t)
{
	for (size_t i = 0; i < BODIES; i++)
		sl_buf_free(&t->bodies[i]);
}

static enum sl_rc talk_with(const struct talk *t, struct sl_keeper_outcome *out, struct sl_err *err)
{
	static const struct sl_keeper_expect expect[] = { { SL_FRAME_PUBLICATION, 1, 1, SL_PUBLICATION_WIRE_MAX },
		{ SL_FRAME_BEHIND, 1, 1, SL_BEHIND_WIRE_MAX } };
	const struct sl_keeper_job job = {
		.program = SL_PROGRAM_CHECK,
		.path = SL_TEST_BIN_DIR "/sluice-check",
		.memory_bytes = 64u << 20,
		.deadline_ms = 20000,
	};

	return sl_keeper_run(&job, t->messages, t->n, expect, 2, out, err);
}

static struct kit *usual(uint32_t noutputs)
{
	struct kit *k = kit_new();

	(void)kit_add(k, 40, 0, 0);
	(void)kit_add(k, 30, 0, 1);
	(void)kit_add(k, 5, 1, 0);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	if (noutputs == 1)
		kit_stat(&k->plans[0], "total", SL_STAT_SUM, KIT_AMOUNT, 0);
	if (noutputs == 2) {
		kit_key(kit_plan(k), "gender", KIT_GENDER, false);
		kit_stat(&k->plans[1], "persons", SL_STAT_UNITS, 0, 0);
	}
	kit_count(k);
	return k;
}

static void test_process_gives_the_bytes_of_the_same_code_in_process(void **state)
{
	(void)state;
	for (uint32_t noutputs = 1; noutputs <= 2; noutputs++) {
		struct kit *k = usual(noutputs);
		struct talk t = { 0 };
		struct sl_keeper_outcome out = { 0 };
		struct sl_publication p;
		struct sl_behind behind;
		struct sl_buf expected = { 0 }, also = { 0 };
		struct sl_err err = { 0 };
		say_all(&t, k);
		if (talk_with(&t, &out, &err) != SL_OK)
			fail_msg("%s", err.text);
		assert_int_equal(sl_check_behind(&k->setup, k->plans, k->results, NULL, &p, &behind, &err), SL_OK);
		assert_int_equal(sl_codec_encode(&sl_publication_record, &p, &expected, &err), SL_OK);
		assert_int_equal(sl_codec_encode(&sl_behind_record, &behind, &also, &err), SL_OK);
		assert_int_equal(out.nframes, 2);
		assert_int_equal(out.frames[1].body.len, also.len);
		assert_memory_equal(out.frames[1].body.data, also.data, also.len);
		assert_int_equal(out.frames[0].body.len, expected.len);
		assert_memory_equal(out.frames[0].body.data, expected.data, expected.len);
		assert_int_equal(p.releasable, 1);
		assert_int_equal(kit_has(&p, SL_RULE_SECONDARY), noutputs == 2);
		sl_codec_free(&sl_publication_record, &p);
		sl_codec_free(&sl_behind_record, &behind);
		sl_buf_free(&expected);
		sl_buf_free(&also);
		sl_keeper_outcome_free(&out);
		forget(&t);
		kit_free(k);
	}
}

static void test_process_result_of_another_plan_ends_in_integrity(void **state)
{
	struct kit *k = usual(1);
	struct talk t = { 0 };
	struct sl_keeper_outcome out = { 0 };
	struct sl_err err = { 0 };

	(void)state;
	k->results[0].plan_digest[0] ^= 1;
	say_all(&t, k);
	assert_int_equal(talk_with(&t, &out, &err), SL_E_INTEGRITY);
	assert_int_equal(out.fate, SL_FATE_FAILED);
	assert_int_equal(out.nframes, 0);
	sl_keeper_outcome_free(&out);
	forget(&t);
	kit_free(k);
}

static void test_process_frames_in_another_order_are_refused(void **state)
{
	struct kit *k = usual(1);
	struct talk t = { 0 };
	struct sl_keeper_message swapped;
	struct sl_keeper_outcome out = { 0 };
	struct sl_err err = { 0 };

	(void)state;
	say_all(&t, k);
	swapped = t.messages[1];
	t.messages[1] = t.messages[2];
	t.messages[2] = swapped;
	assert_int_not_equal(talk_with(&t, &out, &err), SL_OK);
	assert_int_not_equal(out.fate, SL_FATE_DONE);
	assert_int_equal(out.nframes, 0);
	sl_keeper_outcome_free(&out);
	forget(&t);
	kit_free(k);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_process_gives_the_bytes_of_the_same_code_in_process),
		cmocka_unit_test(test_process_result_of_another_plan_ends_in_integrity),
		cmocka_unit_test(test_process_frames_in_another_order_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
