/*
 * Whole conversations with a real process that says whatever it likes: five hundred streams of one seed. What the
 * caller is handed is what the independent model of the fuzz targets says, and nothing unless the peer ended in order.
 * SL_PEER_ROUNDS and SL_PEER_SEED make more, or others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/fuzz/keeper_deeds.h"
#include "tests/fuzz/keeper_model.h"
#include "tests/unit/keeper/peer.h"

#define ROUNDS 500
#define SEED 11
#define DEADLINE_MS 20000
#define SHORT_MS 800

static const struct sl_keeper_expect expect[] = { { SL_FRAME_PLAN, 0, 3, 100 }, { SL_FRAME_PRINT, 0, 2, 5000 } };
static struct sl_keeper_outcome out;
static struct sl_err err;
static uint64_t state_of_chance;

static uint8_t chance(void)
{
	state_of_chance = state_of_chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint8_t)(state_of_chance >> 56);
}

static enum sl_rc talk(const uint8_t *stream, size_t len, uint8_t exit_code, uint32_t deadline_ms)
{
	static const struct sl_keeper_message setup = { SL_FRAME_SCRIPT_SETUP, "nobody reads this", 17 };
	int data = memfd_create("stream", MFD_CLOEXEC);
	struct sl_keeper_job job = { .program = SL_PROGRAM_SCRIPT, .path = SL_PEER, .data_fds = &data, .ndata = 1,
		.memory_bytes = 1 << 20, .deadline_ms = deadline_ms };
	enum sl_rc rc;

	assert_true(data >= 0 && write(data, stream, len) == (ssize_t)len && write(data, &exit_code, 1) == 1);
	assert_int_equal(lseek(data, 0, SEEK_SET), 0);
	memset(&out, 0, sizeof out);
	sl_err_clear(&err);
	rc = sl_keeper_run(&job, &setup, 1, expect, 2, &out, &err);
	(void)close(data);
	return rc;
}

/* Layers that are on before the first word, which a peer cannot take away. */
static uint32_t layers_before(void)
{
	static const uint8_t none[16] = { 'S', 'L', 'F', '0', 40, 0, 0, 0, 4 };
	uint32_t layers;

	assert_int_equal(talk(none, sizeof none, 0, DEADLINE_MS), SL_E_HOST);
	layers = out.layers;
	sl_keeper_outcome_free(&out);
	return layers;
}

static enum sl_keeper_fate fate_of(const struct model *m, uint8_t exit_code)
{
	switch (m->end) {
	case MODEL_PROTOCOL:
		return SL_FATE_PROTOCOL;
	case MODEL_LAYER:
		return SL_FATE_HOST;
	case MODEL_CUT:
		return SL_FATE_EXITED;
	default:
		return exit_code != 0 ? SL_FATE_EXITED : m->end == MODEL_DONE ? SL_FATE_DONE : SL_FATE_FAILED;
	}
}

static void hold(const struct model *m, uint8_t exit_code, enum sl_rc rc, uint64_t round)
{
	enum sl_keeper_fate fate = fate_of(m, exit_code);

	if (out.fate != fate || (rc == SL_OK) != (fate == SL_FATE_DONE) || (rc == SL_OK) != (err.rc == SL_OK))
		fail_msg("round %llu: %s, %s where %s is due: %s", (unsigned long long)round, sl_rc_name(rc),
		         sl_keeper_fate_name(out.fate), sl_keeper_fate_name(fate), err.text);
	assert_int_equal(out.nframes, fate == SL_FATE_DONE ? m->nframes : 0);
	for (uint32_t i = 0; i < out.nframes; i++) {
		assert_int_equal(out.frames[i].type, m->frames[i].type);
		assert_int_equal(out.frames[i].body.len, m->frames[i].len);
		if (m->frames[i].len > 0)
			assert_memory_equal(out.frames[i].body.data, m->frames[i].body, m->frames[i].len);
	}
}

/* Mostly an honest beginning, so that much of a stream is heard; often an honest end. */
static void make_stream(struct stream *stream, uint64_t seed)
{
	static const uint8_t failed[] = { 6, 3, 0, 2, 'x' };
	uint8_t deeds[24];
	size_t n = 0, more;

	state_of_chance = seed;
	(void)chance();
	if (chance() % 8 != 0)
		deeds[n++] = chance() % 16 == 0;
	for (more = chance() % 6u; more > 0; more--) {
		bool honest = chance() % 4 != 0;

		deeds[n++] = honest ? (uint8_t)(2 + chance() % 2) : chance();
		if (honest)
			deeds[n++] = chance() % 100;
	}
	if (chance() % 2 == 0)
		deeds[n++] = 5;
	else if (chance() % 3 == 0)
		for (size_t i = 0; i < sizeof failed; i++)
			deeds[n++] = failed[i];
	struct script s = { deeds, deeds + n };
	play_deeds(stream, &s);
}

static uint64_t number_of(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text != NULL ? strtoull(text, NULL, 10) : otherwise;
}

static void test_keeper_hands_over_what_the_model_says_and_nothing_else(void **state)
{
	static struct stream stream;
	uint64_t rounds = number_of("SL_PEER_ROUNDS", ROUNDS), seed = number_of("SL_PEER_SEED", SEED) << 32;
	uint32_t before = layers_before(), ends[MODEL_LAYER + 1] = { 0 };

	(void)state;
	for (uint64_t round = 0; round < rounds; round++) {
		struct model m = { .expect = expect, .nexpect = 2, .layers_before = before };
		uint8_t exit_code;
		enum sl_rc rc;

		make_stream(&stream, seed + round);
		exit_code = chance() % 8 == 0 ? 7 : 0;
		model_run(&m, stream.bytes, stream.len);
		rc = talk(stream.bytes, stream.len, exit_code, DEADLINE_MS);
		hold(&m, exit_code, rc, round);
		ends[m.end]++;
		sl_keeper_outcome_free(&out);
	}
	print_message("cut %u, done %u, failed %u, protocol %u, layer off %u\n", ends[0], ends[1], ends[2], ends[3], ends[4]);
	for (int i = 0; i <= MODEL_LAYER; i++)
		assert_true(rounds < ROUNDS || ends[i] > 0);
}

/* It said everything an honest one says, and stays: what it said is not handed over, and it is gone. */
static void test_keeper_peer_that_will_not_go_is_killed(void **state)
{
	static const uint8_t honest[] = { 0, 2, 5, 5 };
	static struct stream stream;

	(void)state;
	for (int how = PEER_LOOPS; how < PEER_END; how++) {
		struct script s = { honest, honest + sizeof honest };
		enum sl_rc rc;

		play_deeds(&stream, &s);
		rc = talk(stream.bytes, stream.len, (uint8_t)how, SHORT_MS);
		/* Where there is a namespace of processes, the child goes with its parent, which left in order. */
		if (how != PEER_LEAVES_A_CHILD || rc != SL_OK) {
			assert_int_equal(rc, SL_E_LIMIT);
			assert_int_equal(out.fate, SL_FATE_DEADLINE);
			assert_int_equal(out.nframes, 0);
			assert_true(out.wall_ms >= SHORT_MS);
		}
		assert_true(out.wall_ms < SHORT_MS + 2000);
		assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
		sl_keeper_outcome_free(&out);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keeper_hands_over_what_the_model_says_and_nothing_else),
		cmocka_unit_test(test_keeper_peer_that_will_not_go_is_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
