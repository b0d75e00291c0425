/* standing.c - see standing.h. */
#include "jobs/standing.h"

#include <stdlib.h>
#include <string.h>

#include "jobs/owner_statement.h"
#include "jobs/store/policy.h"
#include "jobs/store/table.h"

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory");
}

/* One more zeroed element at the end of *items. */
static void *grow(void *items, uint32_t n, size_t size)
{
	char *more = realloc(items, (n + 1) * size);

	if (more != NULL)
		memset(more + n * size, 0, size);
	return more;
}

static enum sl_rc see_catalogue(void *self, const char *dataset, const void *text, size_t len,
                                const uint8_t digest[static 32], struct sl_err *err)
{
	struct sl_standing *s = self;
	struct sl_catalogue *more = grow(s->catalogues, s->ncatalogues, sizeof *more);
	char file[256];

	if (more == NULL)
		return no_memory(err);
	s->catalogues = more;
	(void)snprintf(file, sizeof file, "catalogue of %s", dataset);
	enum sl_rc rc = sl_catalogue_load(file, text, len, &more[s->ncatalogues], err);
	if (rc == SL_OK)
		memcpy(more[s->ncatalogues++].sha256, digest, 32);
	return rc;
}

static enum sl_rc see_reference(void *self, const char *table, struct sl_reference_row *row, struct sl_err *err)
{
	struct sl_standing *s = self;
	struct sl_reference *r = s->nreference > 0 ? &s->reference[s->nreference - 1] : NULL;

	if (r == NULL || strcmp(r->table, table) != 0) {
		struct sl_reference *more = grow(s->reference, s->nreference, sizeof *more);
		if (more == NULL)
			return no_memory(err);
		s->reference = more;
		r = &more[s->nreference];
		if ((r->table = strdup(table)) == NULL)
			return no_memory(err);
		s->nreference++;
	}
	struct sl_reference_row *rows = grow((void *)(uintptr_t)r->rows, r->nrows, sizeof *rows);
	if (rows == NULL)
		return no_memory(err);
	r->rows = rows;
	rows[r->nrows++] = *row;
	memset(row, 0, sizeof *row);
	return SL_OK;
}

/* The one in force, or another of those before it. */
static enum sl_rc load_policy(struct sl_enclave *e, uint32_t back, struct sl_standing *s, struct sl_err *err)
{
	struct sl_buf text = {.max = SL_POLICY_BYTES_MAX}, armours = {0};
	enum sl_rc rc = sl_policy_stored(&e->db, back, &text, &armours, s->policy_digest, err);

	if (rc == SL_OK)
		rc = sl_policy_load_stored(back == 0 ? "policy in force" : "policy of before", text.data, text.len, &s->policy, err);
	s->has_policy = rc == SL_OK;
	sl_buf_free(&text);
	sl_buf_free(&armours);
	return rc == SL_E_NO ? SL_OK : rc;
}

enum sl_rc sl_standing_owner_grants(struct sl_enclave *e, struct sl_standing *s, struct sl_err *err)
{
	struct sl_store_owner_grant *rows = NULL;
	uint32_t n = 0;

	if (s->owner_grants != NULL)
		return SL_OK;
	enum sl_rc rc = sl_store_owner_grants(&e->db, &rows, &n, err);
	if (rc == SL_OK && (s->owner_grants = calloc((size_t)n + 1, sizeof *s->owner_grants)) == NULL)
		rc = no_memory(err);
	for (uint32_t i = 0; rc == SL_OK && i < n; i++) {
		rc = sl_owner_verify(e, &rows[i], &s->owner_grants[i], err);
		s->nowner_grants += rc == SL_OK;
	}
	sl_store_owner_grants_free(rows, n);
	return rc;
}

enum sl_rc sl_standing_people(struct sl_enclave *e, struct sl_standing *out, struct sl_err *err)
{
	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_roots_load(e, &out->roots, &out->nroots, err);
	if (rc == SL_OK)
		rc = load_policy(e, 0, out, err);
	if (rc != SL_OK)
		sl_standing_free(out);
	return rc;
}

/* Catalogues are there: their rows of reference tables, and the list. */
static enum sl_rc load_rest(struct sl_enclave *e, struct sl_standing *out, struct sl_err *err)
{
	enum sl_rc rc = sl_reference_each(&e->db, see_reference, out, err);

	if (rc == SL_OK)
		rc = sl_standing_owner_grants(e, out, err);
	if (rc == SL_OK && (out->catalogue_list = calloc(out->ncatalogues + 1, sizeof *out->catalogue_list)) == NULL)
		rc = no_memory(err);
	for (uint32_t i = 0; rc == SL_OK && i < out->ncatalogues; i++)
		out->catalogue_list[i] = &out->catalogues[i];
	return rc;
}

/* Behind policy and officers, which are there unless rc says otherwise. */
static enum sl_rc load_all(struct sl_enclave *e, enum sl_rc rc, struct sl_standing *out, struct sl_err *err)
{
	if (rc == SL_OK)
		rc = sl_catalogue_each(&e->db, see_catalogue, out, err);
	if (rc == SL_OK)
		rc = load_rest(e, out, err);
	if (rc != SL_OK)
		sl_standing_free(out);
	return rc;
}

enum sl_rc sl_standing_load(struct sl_enclave *e, struct sl_standing *out, struct sl_err *err)
{
	return load_all(e, sl_standing_people(e, out, err), out, err);
}

enum sl_rc sl_standing_trial(struct sl_enclave *e, const char *file, const void *text, size_t len,
                             struct sl_standing *out, struct sl_err *err)
{
	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_roots_load(e, &out->roots, &out->nroots, err);
	if (rc == SL_OK)
		rc = sl_policy_load(file, text, len, &out->policy, err);
	out->has_policy = rc == SL_OK;
	if (rc == SL_OK)
		rc = sl_seal_sha256(text, len, out->policy_digest, err);
	return load_all(e, rc, out, err);
}

/* The one with this digest among texts. SL_E_NO. */
static enum sl_rc pick_policy(const struct sl_buf *given, uint32_t ngiven, const uint8_t digest[static 32],
                              struct sl_standing *s, struct sl_err *err)
{
	for (uint32_t i = 0; i < ngiven; i++) {
		enum sl_rc rc = sl_seal_sha256(given[i].data, given[i].len, s->policy_digest, err);
		if (rc == SL_OK && memcmp(s->policy_digest, digest, sizeof s->policy_digest) != 0)
			continue;
		if (rc == SL_OK)
			rc = sl_policy_load_stored("policy given", given[i].data, given[i].len, &s->policy, err);
		s->has_policy = rc == SL_OK;
		return rc;
	}
	return SL_E_NO;
}

enum sl_rc sl_standing_under(struct sl_enclave *e, const uint8_t policy[static 32], int64_t day,
                             const struct sl_buf *given, uint32_t ngiven, struct sl_standing *out, struct sl_err *err)
{
	enum sl_rc rc = sl_standing_load(e, out, err);

	for (uint32_t back = 1; rc == SL_OK && memcmp(out->policy_digest, policy, sizeof out->policy_digest) != 0; back++) {
		sl_policy_free(&out->policy);
		memset(&out->policy, 0, sizeof out->policy);
		rc = load_policy(e, back, out, err);
		if (rc == SL_OK && !out->has_policy) {
			rc = pick_policy(given, ngiven, policy, out, err);
			break;
		}
	}
	out->day = day;
	if (rc != SL_OK)
		sl_standing_free(out);
	return rc;
}

/* The dataset of "dataset.table", once. */
static enum sl_rc load_dataset(struct sl_enclave *e, const char *table, struct sl_standing *out, struct sl_err *err)
{
	size_t n = strcspn(table, ".");
	char dataset[SL_NAME_BYTES + 1];

	if (n >= sizeof dataset)
		return SL_OK;
	memcpy(dataset, table, n);
	dataset[n] = '\0';
	for (uint32_t i = 0; i < out->ncatalogues; i++)
		if (strcmp(out->catalogues[i].dataset, dataset) == 0)
			return SL_OK;
	return sl_catalogue_one(&e->db, dataset, see_catalogue, out, err);
}

enum sl_rc sl_standing_table(struct sl_enclave *e, const char *table, struct sl_standing *s, struct sl_err *err)
{
	enum sl_rc rc = load_dataset(e, table, s, err);

	return rc == SL_OK ? load_rest(e, s, err) : rc;
}

enum sl_rc sl_standing_tables(struct sl_enclave *e, const char *project, struct sl_standing *s, struct sl_err *err)
{
	const struct sl_project *p = s->has_policy ? sl_policy_project(&s->policy, project) : NULL;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; rc == SL_OK && p != NULL && i < p->ntables; i++)
		rc = load_dataset(e, p->tables[i].name, s, err);
	return rc == SL_OK ? load_rest(e, s, err) : rc;
}

enum sl_rc sl_standing_project(struct sl_enclave *e, const char *project, struct sl_standing *out, struct sl_err *err)
{
	enum sl_rc rc = sl_standing_people(e, out, err);

	if (rc == SL_OK)
		rc = sl_standing_tables(e, project, out, err);
	if (rc != SL_OK)
		sl_standing_free(out);
	return rc;
}

void sl_standing_free(struct sl_standing *s)
{
	for (uint32_t i = 0; i < s->ncatalogues; i++)
		sl_catalogue_free(&s->catalogues[i]);
	for (uint32_t i = 0; i < s->nreference; i++) {
		for (uint32_t k = 0; k < s->reference[i].nrows; k++)
			sl_reference_row_free((struct sl_reference_row *)(uintptr_t)&s->reference[i].rows[k]);
		free((void *)(uintptr_t)s->reference[i].rows);
		free((void *)(uintptr_t)s->reference[i].table);
	}
	free(s->catalogues);
	free((void *)(uintptr_t)s->catalogue_list);
	free(s->reference);
	for (uint32_t i = 0; i < s->nowner_grants; i++)
		sl_owner_grant_free(&s->owner_grants[i]);
	free(s->owner_grants);
	sl_roots_free(s->roots, s->nroots);
	sl_policy_free(&s->policy);
	memset(s, 0, sizeof *s);
}

struct sl_references sl_standing_references(const struct sl_standing *s)
{
	return (struct sl_references){.items = s->reference, .nitems = s->nreference};
}

bool sl_standing_owns(const struct sl_standing *s, const char *person, const char *owner)
{
	const struct sl_person *p = s->has_policy ? sl_policy_person(&s->policy, person) : NULL;

	return p != NULL && sl_owner_is(&s->policy, p, owner, sl_enclave_today());
}

enum sl_rc sl_standing_grant(const struct sl_standing *s, const char *project, const char *person, struct sl_grant *out,
                             struct sl_err *err)
{
	struct sl_grant_facts facts = {
		.policy = &s->policy,
		.catalogues = s->catalogue_list,
		.ncatalogues = s->ncatalogues,
		.references = sl_standing_references(s),
		.project = project,
		.person = person,
		.today = s->day != 0 ? s->day : sl_enclave_today(),
		.owner_grants = s->owner_grants,
		.nowner_grants = s->nowner_grants,
	};

	if (!s->has_policy) {
		memset(out, 0, sizeof *out);
		enum sl_rc rc = sl_err_set(err, SL_E_DENIED, "no policy is in force");
		sl_err_remedy(err, "an officer writes one: sluice policy new");
		return rc;
	}
	return sl_grant_compile(&facts, out, err);
}

enum sl_rc sl_standing_policy_text(struct sl_enclave *e, struct sl_buf *out, struct sl_err *err)
{
	struct sl_buf armours = {0};
	uint8_t digest[32];
	enum sl_rc rc = sl_policy_stored(&e->db, 0, out, &armours, digest, err);

	sl_buf_free(&armours);
	if (rc == SL_E_NO)
		(void)sl_err_set(err, SL_E_NO, "no policy is in force yet");
	return rc;
}
