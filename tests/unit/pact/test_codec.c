/*
 * test_codec.c - every record: there and back, every bound, every cut, and memory asked for only after it is known to
 * be needed. Linked with --wrap=malloc,--wrap=calloc.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/pact/setup.h"
#include "tests/unit/pact/wires.h"

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
static size_t largest;                /* request since it was set to 0 */
static unsigned long asked, fails_at; /* the fails_at-th request fails; 0: none */

static bool may(size_t n)
{
	if (n > largest)
		largest = n;
	return ++asked != fails_at;
}

void *__wrap_malloc(size_t n)
{
	return may(n) ? __real_malloc(n) : NULL;
}

void *__wrap_calloc(size_t n, size_t size)
{
	return may(n * size) ? __real_calloc(n, size) : NULL;
}

static void *room_for(const struct sl_record *record)
{
	void *value = malloc(record->size);

	assert_non_null(value);
	memset(value, 0x5A, record->size); /* any content */
	return value;
}

static bool is_zero(const void *value, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (((const uint8_t *)value)[i] != 0)
			return false;
	return true;
}

/* Decode must refuse, leave nothing behind and ask for nothing that the bytes do not justify. */
static void refuses(const struct wire_record *r, const struct sl_buf *wire, enum sl_rc want, const char *words)
{
	void *value = room_for(r->record);
	struct sl_err err = { 0 };

	largest = 0;
	enum sl_rc rc = sl_codec_decode(r->record, wire->data, wire->len, value, &err);
	if (rc != want || strstr(err.text, words) == NULL)
		fail_msg("%s: %d, %s; not \"%s\"", r->name, rc, err.text, words);
	assert_true(is_zero(value, r->record->size));
	assert_true(largest <= 64 * wire->len + 64);
	free(value);
}

static void test_codec_every_record_goes_there_and_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < nwire_records; i++)
		for (uint32_t items = 0; items < 4; items++) {
			const struct sl_record *record = wire_records[i].record;
			struct sl_buf wire = { 0 }, again = { 0 }, third = { 0 };
			void *value = room_for(record), *copy = room_for(record);
			struct sl_err err = { 0 };
			uint32_t fields;
			assert_true(wire_write(record, items, items + 7, WIRE_RIGHT, 0, &wire, &fields));
			if (sl_codec_decode(record, wire.data, wire.len, value, &err) != SL_OK)
				fail_msg("%s", err.text);
			assert_int_equal(sl_codec_encode(record, value, &again, &err), SL_OK);
			assert_int_equal(again.len, wire.len);
			assert_memory_equal(again.data, wire.data, wire.len);
			assert_int_equal(sl_codec_copy(record, value, copy, &err), SL_OK);
			sl_codec_free(record, value);
			assert_true(is_zero(value, record->size));
			assert_int_equal(sl_codec_encode(record, copy, &third, &err), SL_OK);
			assert_memory_equal(third.data, wire.data, wire.len);
			sl_codec_free(record, copy);
			sl_codec_free(record, copy); /* a zeroed one is nothing to free */
			sl_buf_free(&wire);
			sl_buf_free(&again);
			sl_buf_free(&third);
			free(value);
			free(copy);
		}
	sl_codec_free(&sl_end_record, NULL);
}

static void test_codec_every_bound_of_every_field_is_held(void **state)
{
	static const char *const words[] = { [WIRE_BELOW] = "outside its range", [WIRE_ABOVE] = "outside its range",
		[WIRE_LONG] = "over its bound", [WIRE_HOSTILE] = "over its bound", [WIRE_PAST_END] = "",
		[WIRE_NOT_UTF8] = "not UTF-8", [WIRE_NUL] = "not UTF-8" };
	uint32_t tried[WIRE_FAULT_COUNT] = { 0 };

	(void)state;
	for (size_t i = 0; i < nwire_records; i++)
		for (int fault = WIRE_BELOW; fault < WIRE_FAULT_COUNT; fault++)
			for (uint32_t at = 0, fields = UINT32_MAX; at < fields; at++) {
				struct sl_buf wire = { 0 };
				uint32_t written;
				bool put = wire_write(wire_records[i].record, 1, 3, (enum wire_fault)fault, at, &wire, &written);
				if (put) {
					refuses(&wire_records[i], &wire, SL_E_INPUT, words[fault]);
					tried[fault]++;
				} else {
					fields = written; /* whole, as nothing cut it */
				}
				sl_buf_free(&wire);
			}
	for (int fault = WIRE_BELOW; fault < WIRE_FAULT_COUNT; fault++)
		assert_true(tried[fault] > 10);
}

static void test_codec_cut_anywhere_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < nwire_records; i++) {
		struct sl_buf wire = { 0 };
		uint32_t fields;
		assert_true(wire_write(wire_records[i].record, 2, 11, WIRE_RIGHT, 0, &wire, &fields));
		for (size_t len = wire.len; len-- > 0;) {
			struct sl_buf cut = { .data = wire.data, .len = len };
			refuses(&wire_records[i], &cut, SL_E_INPUT, "");
		}
		sl_buf_free(&wire);
	}
}

static void test_codec_a_byte_too_many_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < nwire_records; i++) {
		struct sl_buf wire = { 0 };
		uint32_t fields;
		assert_true(wire_write(wire_records[i].record, 1, 5, WIRE_RIGHT, 0, &wire, &fields));
		sl_buf_u8(&wire, 0);
		refuses(&wire_records[i], &wire, SL_E_INPUT, "1 bytes left over");
		sl_buf_free(&wire);
	}
}

/* There is one wire form of a value: what is accepted is what would be sent. */
static void test_codec_a_changed_byte_is_refused_or_is_another_value(void **state)
{
	(void)state;
	for (size_t i = 0; i < nwire_records; i++) {
		const struct sl_record *record = wire_records[i].record;
		struct sl_buf wire = { 0 };
		void *value = room_for(record);
		uint32_t fields;
		assert_true(wire_write(record, 1, 5, WIRE_RIGHT, 0, &wire, &fields));
		for (size_t at = 0; at < wire.len; at++)
			for (unsigned bit = 0; bit < 8; bit++) {
				struct sl_buf again = { 0 };
				wire.data[at] ^= (uint8_t)(1u << bit);
				if (sl_codec_decode(record, wire.data, wire.len, value, NULL) == SL_OK) {
					assert_int_equal(sl_codec_encode(record, value, &again, NULL), SL_OK);
					assert_int_equal(again.len, wire.len);
					assert_memory_equal(again.data, wire.data, wire.len);
					sl_codec_free(record, value);
				}
				wire.data[at] ^= (uint8_t)(1u << bit);
				sl_buf_free(&again);
			}
		sl_buf_free(&wire);
		free(value);
	}
}

static void test_codec_every_allocation_that_fails_is_told_and_leaves_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < nwire_records; i++) {
		const struct sl_record *record = wire_records[i].record;
		struct sl_buf wire = { 0 };
		void *value = room_for(record);
		enum sl_rc rc = SL_E_NOMEM;
		uint32_t fields;
		assert_true(wire_write(record, 2, 9, WIRE_RIGHT, 0, &wire, &fields));
		for (unsigned long k = 1; rc == SL_E_NOMEM; k++) {
			struct sl_err err = { 0 };
			asked = 0;
			fails_at = k;
			rc = sl_codec_decode(record, wire.data, wire.len, value, &err);
			fails_at = 0;
			assert_true(rc == SL_OK || (rc == SL_E_NOMEM && err.rc == SL_E_NOMEM));
			if (rc != SL_OK)
				assert_true(is_zero(value, record->size));
		}
		rc = SL_E_NOMEM;
		for (unsigned long k = 1; rc == SL_E_NOMEM; k++) {
			struct sl_buf out = { 0 };
			asked = 0;
			fails_at = k;
			rc = sl_codec_encode(record, value, &out, NULL);
			fails_at = 0;
			sl_buf_free(&out);
		}
		assert_int_equal(rc, SL_OK);
		sl_codec_free(record, value);
		sl_buf_free(&wire);
		free(value);
	}
}

static char *text_of(size_t n)
{
	char *s = malloc(n + 1);

	memset(s, 'a', n);
	s[n] = '\0';
	return s;
}

static void test_codec_encoding_what_the_table_forbids_is_a_bug(void **state)
{
	struct sl_label label = { text_of(SL_TITLE_BYTES + 1) };
	char bad_utf8[] = "\xFF";
	struct sl_op op = { .op = SL_OP_COUNT_, .type = SL_TYPE_INTEGER };
	struct sl_op many[1] = { { 0 } };
	struct sl_expr expr = { .ops = many, .nops = SL_EXPR_OPS_MAX + 1 };
	struct sl_buf out = { 0 };
	struct sl_err err = { 0 };

	(void)state;
	assert_int_equal(sl_codec_encode(&sl_label_record, &label, &out, &err), SL_E_BUG);
	assert_non_null(strstr(err.text, "text"));
	free(label.text);
	label.text = bad_utf8;
	assert_int_equal(sl_codec_encode(&sl_label_record, &label, &out, NULL), SL_E_BUG);
	assert_int_equal(sl_codec_encode(&sl_op_record, &op, &out, NULL), SL_E_BUG);
	assert_int_equal(sl_codec_encode(&sl_expr_record, &expr, &out, NULL), SL_E_BUG);
	sl_buf_free(&out);
}

static void test_codec_a_missing_text_is_sent_as_the_empty_one(void **state)
{
	struct sl_label label = { NULL }, back;
	struct sl_buf out = { 0 };

	(void)state;
	assert_int_equal(sl_codec_encode(&sl_label_record, &label, &out, NULL), SL_OK);
	assert_int_equal(out.len, 4);
	assert_int_equal(sl_codec_decode(&sl_label_record, out.data, out.len, &back, NULL), SL_OK);
	assert_string_equal(back.text, "");
	sl_codec_free(&sl_label_record, &back);
	sl_buf_free(&out);
}

static void test_codec_encoding_into_too_little_room_is_a_limit(void **state)
{
	struct sl_end end = { .ok = 1, .reason = SL_END_DONE, .text = text_of(100) };
	struct sl_buf out = { .max = 50 };

	(void)state;
	assert_int_equal(sl_codec_encode(&sl_end_record, &end, &out, NULL), SL_E_LIMIT);
	sl_buf_free(&out);
	free(end.text);
}

static void test_codec_128_bits_keep_sign_and_size(void **state)
{
	const sl_i128 values[] = { 0, 1, -1, (sl_i128)INT64_MAX + 1, (sl_i128)INT64_MIN - 1, ((sl_i128)1 << 100) + 5,
		-((sl_i128)1 << 100) };

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		struct sl_evidence e = { .sum = values[i], .sum_abs = -values[i] }, back;
		struct sl_buf out = { 0 };
		assert_int_equal(sl_codec_encode(&sl_evidence_record, &e, &out, NULL), SL_OK);
		assert_int_equal(sl_codec_decode(&sl_evidence_record, out.data, out.len, &back, NULL), SL_OK);
		assert_true(back.sum == values[i] && back.sum_abs == -values[i]);
		sl_buf_free(&out);
	}
}

static void test_codec_describe_names_every_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < nwire_records; i++) {
		struct sl_buf page = { 0 };
		sl_codec_describe(wire_records[i].record, &page);
		for (size_t f = 0; f < wire_records[i].record->nfields; f++)
			assert_non_null(strstr(sl_buf_cstr(&page), wire_records[i].record->fields[f].name));
		sl_buf_free(&page);
	}
	assert_string_equal(sl_kind_name(SL_KIND_I128), "i128");
	assert_string_equal(sl_kind_name((enum sl_kind)99), "none");
}

/* Rules that a request was frozen with before there was near are a byte shorter; before there was jitter, two. */
static void test_codec_rules_of_before_near_and_jitter_are_read_as_having_none(void **state)
{
	const struct sl_rules rules = { .threshold = 10, .transform = SL_TRANSFORM_RANDOM, .transform_base = 3, .jitter = 3,
	                         .near = SL_NEAR_EARLIER };
	struct sl_rules back;
	struct sl_buf wire = { 0 };

	(void)state;
	assert_int_equal(sl_codec_encode(&sl_rules_record, &rules, &wire, NULL), SL_OK);
	assert_int_equal(sl_rules_stored(wire.data, wire.len, &back, NULL), SL_OK);
	assert_true(back.jitter == 3 && back.near == SL_NEAR_EARLIER);
	assert_int_equal(sl_rules_stored(wire.data, wire.len - 1, &back, NULL), SL_OK);
	assert_true(back.jitter == 3 && back.near == SL_NEAR_REFUSE);
	assert_int_equal(sl_rules_stored(wire.data, wire.len - 2, &back, NULL), SL_OK);
	assert_true(back.jitter == 0 && back.near == SL_NEAR_REFUSE);
	assert_int_equal(back.transform_base, 3);
	assert_int_equal(sl_rules_stored(wire.data, wire.len - 3, &back, NULL), SL_E_INPUT);
	assert_int_equal(sl_codec_decode(&sl_rules_record, wire.data, wire.len - 1, &back, NULL), SL_E_INPUT);
	sl_buf_free(&wire);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codec_every_record_goes_there_and_back),
		cmocka_unit_test(test_codec_every_bound_of_every_field_is_held),
		cmocka_unit_test(test_codec_cut_anywhere_is_refused),
		cmocka_unit_test(test_codec_a_byte_too_many_is_refused),
		cmocka_unit_test(test_codec_a_changed_byte_is_refused_or_is_another_value),
		cmocka_unit_test(test_codec_every_allocation_that_fails_is_told_and_leaves_nothing),
		cmocka_unit_test(test_codec_encoding_what_the_table_forbids_is_a_bug),
		cmocka_unit_test(test_codec_a_missing_text_is_sent_as_the_empty_one),
		cmocka_unit_test(test_codec_encoding_into_too_little_room_is_a_limit),
		cmocka_unit_test(test_codec_128_bits_keep_sign_and_size),
		cmocka_unit_test(test_codec_describe_names_every_field),
		cmocka_unit_test(test_codec_rules_of_before_near_and_jitter_are_read_as_having_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
