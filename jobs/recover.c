/* recover.c - see recover.h: the bundles in order, the log, each release, and last the checkpoint beside the keys. */
#include "jobs/recover.h"

#include <stdlib.h>
#include <string.h>

#include "jobs/left.h"
#include "jobs/recover_enter.h"
#include "jobs/restored.h"
#include "jobs/store/recovered.h"

struct losses {
	struct sl_lost *items; /* by number, each once */
	uint32_t n;
};

static void losses_free(struct losses *l)
{
	for (uint32_t i = 0; i < l->n; i++)
		sl_lost_free(&l->items[i]);
	free(l->items);
}

/*
 * Of two that have one number, each made behind another restore, the one that lies under it in DIR/releases is entered
 * as it, or else the earlier; of one second the one whose digest is less. One that is given twice stands beside itself.
 */
static int by_number(const void *a, const void *b)
{
	const struct sl_lost *x = a, *y = b;

	if (x->release != y->release)
		return x->release > y->release ? 1 : -1;
	if ((x->lies_as == x->release) != (y->lies_as == y->release))
		return x->lies_as == x->release ? -1 : 1;
	int earlier = strcmp(sl_pack_text(x->f.predicate, "released at"),
	                     sl_pack_text(y->f.predicate, "released at"));

	return earlier != 0 ? earlier : memcmp(x->digest, y->digest, sizeof x->digest);
}

/* All of them are verified before anything is changed. */
static enum sl_rc open_all(struct sl_enclave *e, const struct sl_recover_ask *ask, struct losses *out,
                           struct sl_err *err)
{
	struct sl_buf anchor = { 0 };
	struct sl_err why = { 0 };
	enum sl_rc rc = sl_enclave_anchor(e, &anchor, err);

	out->items = calloc((size_t)ask->nbundles + 1, sizeof *out->items);
	if (rc == SL_OK && out->items == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < ask->nbundles && rc == SL_OK; i++) {
		rc = sl_lost_open(&anchor, ask->bundles[i], &out->items[i], &why);
		out->n += rc == SL_OK;
		out->items[i].policies = ask->policies;
		out->items[i].npolicies = ask->npolicies;
		if (rc != SL_OK) {
			(void)sl_err_set(err, rc, "%s: %s", ask->bundles[i], why.text);
			sl_err_remedy(err, "nothing was entered; give bundles of this enclave, as they were released");
		}
	}
	sl_buf_free(&anchor);
	if (out->n > 0)
		qsort(out->items, out->n, sizeof *out->items, by_number);
	for (uint32_t i = 1; i < out->n && rc == SL_OK; i++)
		if (out->items[i].release == out->items[i - 1].release &&
		    memcmp(out->items[i].digest, out->items[i - 1].digest, sizeof out->items[i].digest) == 0)
			rc = sl_err_set(err, SL_E_INPUT, "L-%lld is given twice", (long long)out->items[i].release);
	return rc;
}

static bool has_number(const struct losses *l, int64_t number)
{
	for (uint32_t i = 0; i < l->n; i++)
		if (l->items[i].release == number || l->items[i].lies_as == number)
			return true;
	return false;
}

/* Bundles given whose number another has: each was, or will be, counted under one that no bundle names. */
static enum sl_rc count_forks(struct sl_enclave *e, const struct losses *l, uint32_t *n, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	*n = 0;
	for (uint32_t i = 0; i < l->n && rc == SL_OK; i++) {
		bool is = i > 0 && l->items[i].release == l->items[i - 1].release;
		if (!is)
			rc = sl_lost_is_fork(e, &l->items[i], &is, err);
		*n += is && l->items[i].lies_as == 0;
	}
	return rc;
}

/* Releases are numbered without a gap: one that is missing between left as well. */
static enum sl_rc check_gaps(struct sl_enclave *e, const struct losses *l, struct sl_err *err)
{
	const int64_t highest = l->n > 0 ? l->items[l->n - 1].release : 0;
	int64_t reached = 0;
	uint32_t forks = 0;
	enum sl_rc rc = sl_store_reached_release(&e->db, &reached, err);

	if (rc == SL_OK)
		rc = count_forks(e, l, &forks, err);
	for (int64_t number = reached + 1; rc == SL_OK && number < highest; number++) {
		if (has_number(l, number))
			continue;
		if (forks > 0) {
			forks--;
			continue;
		}
		rc = sl_err_set(err, SL_E_INPUT, "L-%lld left too, before L-%lld, and is not given", (long long)number,
		                (long long)highest);
		sl_err_remedy(err, "get its bundle from whoever has it: the project's people, reviewers, auditors");
	}
	return rc;
}

/* Which of the given a bundle in DIR/releases is, whatever number it has there; NULL: none. */
static enum sl_rc find_given(struct sl_enclave *e, const struct losses *l, int64_t number, struct sl_lost **out,
                             struct sl_err *err)
{
	char *path = sl_enclave_path(e, "releases/L-%lld", (long long)number);
	const struct sl_release_file *p = NULL;
	struct sl_bundle b = { 0 };
	enum sl_rc rc = path == NULL ? sl_err_set(err, SL_E_NOMEM, "out of memory") : sl_bundle_read(path, &b, err);

	*out = NULL;
	if (rc == SL_OK)
		p = sl_bundle_find(&b, "publication.json");
	for (uint32_t i = 0; p != NULL && i < l->n; i++)
		if (memcmp(p->sha256, l->items[i].digest, sizeof p->sha256) == 0)
			*out = &l->items[i];
	sl_bundle_free(&b);
	free(path);
	return rc;
}

/* A bundle in DIR/releases that the state does not know left as well. Its number there may be of after a restore. */
static enum sl_rc check_folder(struct sl_enclave *e, struct losses *l, struct sl_err *err)
{
	int64_t *known = NULL, left = 0;
	uint32_t n = 0;
	enum sl_rc rc = sl_left_behind(e, NULL, 0, &left, err);

	while (rc == SL_OK && left != 0) {
		int64_t *more = realloc(known, (n + 1) * sizeof *known);
		struct sl_lost *one = NULL;
		if (more == NULL) {
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
			break;
		}
		known = more;
		known[n++] = left;
		rc = find_given(e, l, left, &one, err);
		if (rc == SL_OK && one == NULL) {
			rc = sl_err_set(err, SL_E_INPUT, "%s/releases/L-%lld left since the backup, and is not given", e->dir,
			                (long long)left);
			sl_err_remedy(err, "give it, too: --release %s/releases/L-%lld", e->dir, (long long)left);
		}
		if (rc == SL_OK)
			one->lies_as = left;
		if (rc == SL_OK)
			rc = sl_left_behind(e, known, n, &left, err);
	}
	qsort(l->items, l->n, sizeof *l->items, by_number);
	free(known);
	return rc;
}

/* Checkpoints of this enclave that its log here does not reach: of what is lost. */
struct outside {
	struct sl_checkpoint *items;
	uint32_t n;
};

static enum sl_rc see_checkpoint(struct sl_enclave *e, const struct sl_checkpoint *cp, struct outside *out,
                                 struct sl_err *err)
{
	bool has = false;
	enum sl_rc rc = sl_audit_has(e, cp, &has, err);

	if (rc == SL_OK && !has && cp->size > 0)
		out->items[out->n++] = *cp;
	return rc;
}

/* From beside the keys, the bundles, and what others hold. */
static enum sl_rc find_outside(struct sl_enclave *e, const struct sl_recover_ask *ask, const struct losses *l,
                               struct outside *out, struct sl_err *err)
{
	struct sl_signed_note_key key = { 0 };
	struct sl_checkpoint cp;
	enum sl_rc rc = sl_audit_beside(e, &cp, err);

	memcpy(key.public, e->public, sizeof key.public);
	(void)snprintf(key.name, sizeof key.name, "%s", e->name);
	out->items = calloc((size_t)l->n + ask->nnotes + 1, sizeof *out->items);
	if (rc == SL_OK && out->items == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (rc == SL_OK)
		rc = see_checkpoint(e, &cp, out, err);
	for (uint32_t i = 0; i < l->n && rc == SL_OK; i++)
		rc = see_checkpoint(e, &l->items[i].f.cp, out, err);
	for (uint32_t i = 0; i < ask->nnotes && rc == SL_OK; i++) {
		rc = sl_checkpoint_verify((const char *)ask->notes[i].data, ask->notes[i].len, &key, &cp, err);
		if (rc == SL_OK)
			rc = see_checkpoint(e, &cp, out, err);
	}
	return rc;
}

/* The farthest that no leaf explains yet; NULL: each is. */
static const struct sl_checkpoint *farthest(const struct outside *o, const struct sl_restored *told, uint32_t n)
{
	const struct sl_checkpoint *found = NULL;

	for (uint32_t i = 0; i < o->n; i++) {
		bool is_told = false;
		for (uint32_t k = 0; k < n; k++)
			is_told = is_told || sl_restored_explains(&told[k], &o->items[i]);
		if (!is_told && (found == NULL || o->items[i].size > found->size))
			found = &o->items[i];
	}
	return found;
}

/* One leaf explains all that it is the farthest of; what was lost by several restores takes several. */
static enum sl_rc tell_each(struct sl_enclave *e, const struct sl_actor *actor, const struct outside *o,
                            struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i <= o->n && rc == SL_OK; i++) {
		struct sl_restored *told = NULL;
		uint32_t n = 0;
		rc = sl_restored_load(e, &told, &n, err);
		const struct sl_checkpoint *next = rc == SL_OK ? farthest(o, told, n) : NULL;
		free(told);
		if (next == NULL)
			break;
		rc = sl_restored_add(e, sl_pack_who(actor), next, err);
	}
	return rc;
}

/* The log says that it goes on from a backup. */
static enum sl_rc tell_log(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_recover_ask *ask,
                           const struct losses *l, uint64_t *size, struct sl_err *err)
{
	struct outside o = { 0 };
	enum sl_rc rc = sl_db_begin(&e->db, err);

	if (rc == SL_OK)
		rc = find_outside(e, ask, l, &o, err);
	if (rc == SL_OK)
		rc = tell_each(e, actor, &o, err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	for (uint32_t i = 0; i < o.n; i++)
		*size = o.items[i].size > *size ? o.items[i].size : *size;
	free(o.items);
	return rc;
}

/*
 * First the numbers that bundles name, then those whose number another has, then again what was not found: it may have
 * stood beside one of these.
 */
static enum sl_rc enter_all(struct sl_enclave *e, const struct sl_actor *actor, const struct losses *l,
                            struct sl_recovery *out, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	out->n = l->n;
	for (int pass = 0; pass < 3; pass++)
		for (uint32_t i = 0; i < l->n && rc == SL_OK; i++) {
			struct sl_recovered_one *one = &out->releases[i];
			bool is_fork = false;
			if (one->fate != SL_RECOVERED_NONE && (pass < 2 || one->fate != SL_RECOVERED_UNKNOWN))
				continue;
			rc = sl_lost_is_fork(e, &l->items[i], &is_fork, err);
			if (rc != SL_OK || (pass == 0 && is_fork))
				continue;
			free(one->why);
			memset(one, 0, sizeof *one);
			rc = sl_lost_enter(e, actor, &l->items[i], one, err);
		}
	return rc;
}

/* Numbers under which bundles lie here are taken. */
static enum sl_rc reach_folder(struct sl_enclave *e, const struct losses *l, struct sl_err *err)
{
	enum sl_rc rc = sl_db_begin(&e->db, err);

	for (uint32_t i = 0; i < l->n && rc == SL_OK; i++)
		if (l->items[i].lies_as > 0)
			rc = sl_store_reach_release(&e->db, l->items[i].lies_as, err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	return rc;
}

enum sl_rc sl_recover(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_recover_ask *ask,
                      struct sl_recovery *out, struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	struct losses l = { 0 };
	enum sl_rc rc = sl_standing_people(e, &standing, err);

	memset(out, 0, sizeof *out);
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_RELEASE_RECOVER, err);
	if (rc == SL_OK)
		rc = open_all(e, ask, &l, err);
	if (rc == SL_OK)
		rc = check_folder(e, &l, err);
	if (rc == SL_OK)
		rc = check_gaps(e, &l, err);
	if (rc == SL_OK && (out->releases = calloc((size_t)l.n + 1, sizeof *out->releases)) == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (rc == SL_OK)
		rc = tell_log(e, actor, ask, &l, &out->outside, err);
	for (uint32_t i = 0; i < l.n; i++)
		out->bundles = l.items[i].f.cp.size > out->bundles ? l.items[i].f.cp.size : out->bundles;
	if (rc == SL_OK)
		rc = enter_all(e, actor, &l, out, err);
	if (rc == SL_OK)
		rc = reach_folder(e, &l, err);
	if (rc == SL_OK)
		rc = sl_audit_go_on(e, err);
	if (rc != SL_OK)
		sl_recovery_free(out);
	losses_free(&l);
	sl_standing_free(&standing);
	return rc;
}

enum sl_rc sl_recover_clock(struct sl_enclave *e, const struct sl_actor *actor, struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	enum sl_rc rc = sl_standing_people(e, &standing, err);

	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_RELEASE_RECOVER, err);
	if (rc == SL_OK)
		rc = sl_audit_correct_clock(e, sl_pack_who(actor), err);
	sl_standing_free(&standing);
	return rc;
}

void sl_recovery_free(struct sl_recovery *r)
{
	for (uint32_t i = 0; r->releases != NULL && i < r->n; i++)
		free(r->releases[i].why);
	free(r->releases);
	memset(r, 0, sizeof *r);
}
