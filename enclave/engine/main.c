/*
 * main.c - sluice-engine: frames and confinement around engine.h.
 *
 * Data descriptor 5 + i is the segment of table i. Before lock-down every segment is mapped and opened, with one cipher
 * per granted column; plans come after, when nothing can be opened any more.
 * Conversation: as the setup's task says (pact/setup.h).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "enclave/confine/arena.h"
#include "enclave/confine/confine.h"
#include "enclave/engine/atoms.h"
#include "enclave/engine/engine.h"
#include "enclave/engine/seal_members.h"
#include "enclave/engine/segment_store.h"
#include "enclave/vault/algorithms.h"
#include "enclave/vault/digest.h"

/* Not there when the sanitizer's malloc serves. */
#pragma weak sl_arena_large_pages

struct state {
	struct sl_engine_setup setup;
	struct sl_sha256 *digests[SL_PLANS_MAX]; /* one per plan, made before lock-down */
	struct sl_segment_store store;
	struct sl_cipher **ciphers;              /* one per setup.keys[] */
};

/* How many plans and keys a task has. */
static enum sl_rc check_task(const struct sl_engine_setup *setup, struct sl_err *err)
{
	bool atoms = setup->task == SL_TASK_ATOMS;
	uint32_t keys = setup->task == SL_TASK_MEMBERS ? setup->nplans : 0;

	if (setup->draws && setup->task != SL_TASK_RESULTS)
		return sl_err_set(err, SL_E_INPUT, "draws for task %u", setup->task);
	if (atoms ? setup->nplans != 0 || setup->ntables != 0 || setup->nkeys == 0
	          : setup->nplans == 0 || setup->nkeys != keys)
		return sl_err_set(err, SL_E_INPUT, "%u plans, %u tables and %u keys for task %u", setup->nplans,
		                  setup->ntables, setup->nkeys, setup->task);
	return SL_OK;
}

static enum sl_rc check_setup(const struct sl_confine *c, const struct sl_engine_setup *setup, struct sl_err *err)
{
	enum sl_rc rc = sl_view_check(&setup->view, err);

	if (rc == SL_OK && (setup->ntables != setup->view.ntables || setup->ntables != c->ndata))
		rc = sl_err_set(err, SL_E_INPUT, "%u tables, %u in the view, %u descriptors", setup->ntables,
		                setup->view.ntables, c->ndata);
	return rc == SL_OK ? check_task(setup, err) : rc;
}

/* The mapping stays until the process ends. A table without units has no segment and is not read. */
static enum sl_rc map_table(struct state *s, uint32_t table, struct sl_err *err)
{
	uint64_t bytes = s->setup.tables[table].segment_bytes;
	int fd = SL_CONFINE_FD_DATA + (int)table;
	struct stat st;
	void *data;

	if (bytes == 0)
		return SL_OK;
	if (fstat(fd, &st) != 0)
		return sl_err_errno(err, SL_E_IO, errno, "cannot look at segment %u", table);
	if (st.st_size < 0 || (uint64_t)st.st_size != bytes)
		return sl_err_set(err, SL_E_INTEGRITY, "segment %u has %lld bytes, not %llu", table, (long long)st.st_size,
		                  (unsigned long long)bytes);
	data = mmap(NULL, (size_t)bytes, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		return sl_err_errno(err, SL_E_IO, errno, "cannot map segment %u", table);
	return sl_segment_store_table(&s->store, table, data, bytes, err);
}

/* The ciphers have what they need of them; the rounding key is of use until the last plan has run. */
static void wipe_keys(struct sl_engine_setup *setup)
{
	for (uint32_t t = 0; t < setup->ntables; t++) {
		struct sl_engine_table *et = &setup->tables[t];
		explicit_bzero(et->manifest_key, sizeof et->manifest_key);
		explicit_bzero(et->unit_key, sizeof et->unit_key);
		for (uint32_t c = 0; c < et->ncolumns; c++)
			explicit_bzero(et->columns[c].subkey, sizeof et->columns[c].subkey);
	}
	for (uint32_t k = 0; k < setup->nkeys; k++)
		explicit_bzero(setup->keys[k].key, sizeof setup->keys[k].key);
}

static enum sl_rc make_ciphers(struct state *s, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	s->ciphers = calloc((size_t)s->setup.nkeys + 1, sizeof(struct sl_cipher *));
	if (s->ciphers == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for ciphers");
	for (uint32_t k = 0; k < s->setup.nkeys && rc == SL_OK; k++)
		rc = sl_cipher_new(s->setup.keys[k].key, &s->ciphers[k], err);
	return rc;
}

static enum sl_rc prepare(struct sl_confine *c, const uint8_t *body, size_t len, void *arg, struct sl_err *err)
{
	struct state *s = arg;
	enum sl_rc rc = sl_codec_decode(&sl_engine_setup_record, body, len, &s->setup, err);

	if (rc == SL_OK)
		rc = check_setup(c, &s->setup, err);
	if (rc != SL_OK)
		return rc;
	/* What is left for a plan's run is the arena less what stands in it now; malloc has the last word. */
	if (s->setup.memory_bytes > c->memory_bytes)
		s->setup.memory_bytes = c->memory_bytes;
	c->threads = s->setup.threads;
	sl_algorithms_alone();
	if (sl_arena_large_pages != NULL)
		sl_arena_large_pages(); /* cells and results are touched from end to end: a fault a page costs more than that */
	sl_segment_store_init(&s->store, &s->setup, s->setup.threads);
	for (uint32_t t = 0; t < s->setup.ntables && rc == SL_OK; t++)
		rc = map_table(s, t, err);
	for (uint32_t i = 0; i < s->setup.nplans && rc == SL_OK; i++)
		rc = sl_sha256_new(&s->digests[i], err);
	if (rc == SL_OK)
		rc = make_ciphers(s, err);
	wipe_keys(&s->setup);
	return rc;
}

/* sluice-check is given plan and result apart; by the digest it knows that they belong together. */
static enum sl_rc take_digest(struct sl_sha256 *sha256, const struct sl_buf *plan, uint8_t out[static SL_DIGEST_BYTES],
                              struct sl_err *err)
{
	enum sl_rc rc = sl_sha256_add(sha256, plan->data, plan->len, err);

	return rc == SL_OK ? sl_sha256_end(sha256, out, err) : rc;
}

static enum sl_rc send_result(struct sl_confine *c, struct state *s, const struct sl_plan *plan,
                              const uint8_t digest[static SL_DIGEST_BYTES], struct sl_err *err)
{
	struct sl_result result = { 0 };
	struct sl_buf body = { 0 };
	enum sl_rc rc = sl_engine_run(&s->setup, &s->store.store, plan, &result, err);

	if (rc == SL_OK)
		memcpy(result.plan_digest, digest, SL_DIGEST_BYTES);
	if (rc == SL_OK)
		rc = sl_engine_encode(&result, &body, err);
	if (rc == SL_OK)
		rc = sl_confine_send(c, SL_FRAME_RESULT, body.data, body.len, err);
	sl_buf_free(&body);
	sl_codec_free(&sl_result_record, &result);
	return rc;
}

static enum sl_rc send_members(struct sl_confine *c, struct state *s, const struct sl_plan *plan, uint32_t i,
                               struct sl_err *err)
{
	struct sl_members members = { 0 };
	struct sl_buf body = { 0 };
	enum sl_rc rc = sl_engine_members(&s->setup, &s->store.store, plan, &members, err);

	if (rc == SL_OK)
		rc = sl_members_seal(&members, s->setup.keys[i].id, s->ciphers[i], &body, err);
	if (rc == SL_OK)
		rc = sl_confine_send(c, SL_FRAME_MEMBERS, body.data, body.len, err);
	sl_buf_free(&body);
	sl_codec_free(&sl_members_record, &members);
	return rc;
}

static enum sl_rc run_plan(struct sl_confine *c, struct state *s, uint32_t i, struct sl_err *err)
{
	const enum sl_frame_type wanted = SL_FRAME_PLAN;
	enum sl_frame_type type;
	uint8_t digest[SL_DIGEST_BYTES];
	struct sl_buf body = { 0 };
	struct sl_plan plan = { 0 };
	enum sl_rc rc = sl_confine_recv(c, &wanted, 1, SL_PLAN_WIRE_MAX, &type, &body, err);

	if (rc == SL_OK)
		rc = take_digest(s->digests[i], &body, digest, err);
	if (rc == SL_OK)
		rc = sl_codec_decode(&sl_plan_record, body.data, body.len, &plan, err);
	sl_buf_free(&body);
	if (rc == SL_OK)
		rc = s->setup.task == SL_TASK_MEMBERS ? send_members(c, s, &plan, i, err)
		                                      : send_result(c, s, &plan, digest, err);
	sl_codec_free(&sl_plan_record, &plan);
	return rc;
}

static enum sl_rc receive_members(struct sl_confine *c, struct state *s, uint32_t i, struct sl_members *out,
                                  struct sl_err *err)
{
	const enum sl_frame_type wanted = SL_FRAME_MEMBERS;
	enum sl_frame_type type;
	struct sl_buf body = { 0 };
	enum sl_rc rc = sl_confine_recv(c, &wanted, 1, SL_MEMBERS_WIRE_MAX, &type, &body, err);

	if (rc == SL_OK)
		rc = sl_members_unseal(&body, s->setup.keys[i].id, s->ciphers[i], out, err);
	sl_buf_free(&body);
	return rc;
}

static enum sl_rc run_atoms(struct sl_confine *c, struct state *s, struct sl_err *err)
{
	struct sl_members *members = calloc(s->setup.nkeys, sizeof *members);
	struct sl_atoms_packed atoms = { 0 };
	struct sl_buf body = { .max = SL_MEMBERS_WIRE_MAX };
	enum sl_rc rc = members != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory to compare outputs");

	for (uint32_t i = 0; i < s->setup.nkeys && rc == SL_OK; i++)
		rc = receive_members(c, s, i, &members[i], err);
	if (rc == SL_OK)
		rc = sl_atoms_make(members, s->setup.nkeys,
		                   &(struct sl_atoms_prints){ s->setup.prints, s->setup.nprints, s->setup.nearlier }, &atoms, err);
	for (uint32_t i = 0; i < s->setup.nkeys && members != NULL; i++)
		sl_codec_free(&sl_members_record, &members[i]);
	free(members);
	if (rc == SL_OK)
		rc = sl_codec_encode(&sl_atoms_packed_record, &atoms, &body, err);
	sl_codec_free(&sl_atoms_packed_record, &atoms);
	if (rc == SL_OK)
		rc = sl_confine_send(c, SL_FRAME_ATOMS, body.data, body.len, err);
	sl_buf_free(&body);
	return rc;
}

static enum sl_rc run(struct sl_confine *c, void *arg, struct sl_err *err)
{
	struct state *s = arg;
	enum sl_rc rc = SL_OK;

	if (s->setup.task == SL_TASK_ATOMS)
		return run_atoms(c, s, err);
	for (uint32_t i = 0; i < s->setup.nplans && rc == SL_OK; i++)
		rc = run_plan(c, s, i, err);
	explicit_bzero(s->setup.rounding_key, sizeof s->setup.rounding_key);
	return rc;
}

int main(int argc, char **argv)
{
	static const struct sl_confine_program program = { .program = SL_PROGRAM_ENGINE,
		.setup_type = SL_FRAME_ENGINE_SETUP, .setup_bytes_max = SL_SETUP_WIRE_MAX, .prepare = prepare, .run = run };
	static struct state state;

	sl_confine_main(&program, &state, argc, argv);
}
