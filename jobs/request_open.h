/*
 * request_open.h - inside jobs: a stored request, opened again: the same bytes that were frozen with it.
 */
#ifndef SL_JOBS_REQUEST_OPEN_H
#define SL_JOBS_REQUEST_OPEN_H

#include "jobs/request.h"
#include "jobs/store/request.h"
#include "policy/public.h"

#define SL_SALT_BYTES 32

/* What was judged, and under what. */
struct sl_frozen {
	struct sl_publication publication;
	struct sl_rules rules;
	char *purpose;
	uint8_t salt[SL_SALT_BYTES];
	struct sl_buf behind; /* sl_behind, encoded, for reviewers; empty: it was judged before that was kept */
	int64_t history_to;  /* newest release it was judged beside; 0: none; -1: it was judged by itself, long ago */
	struct sl_public known; /* what was public of its tables then, and is kept with it */
	int64_t left_as;     /* the number it was signed and left under, when another request has that one; 0: its own */
};

/* The CSVs and publication.json, whose digest is what people sign. */
struct sl_published {
	struct sl_release_file *files;
	uint32_t nfiles;
	struct sl_buf json;
	uint8_t digest[32];
};

struct sl_opened {
	struct sl_store_request row;
	struct sl_job_material material; /* the outputs asked for, no others */
	struct sl_frozen frozen;
	struct sl_published now;         /* rendered again */
	bool told_nothing;               /* of rows: it was refused for what was declared, whatever they are */
};

/* sl_opened_render - what sl_render_* ask for; name receives "R-1". All borrowed from o and e. */
struct sl_render sl_opened_render(const struct sl_enclave *e, const struct sl_opened *o, char name[static 24]);

/*
 * sl_opened_load - SL_E_NO: no such request. SL_E_INTEGRITY: what is kept does not fit. Zeroed on failure.
 * sl_opened_read - the same, but nothing is rendered. sl_opened_revision - the same as load of an earlier revision,
 * from the archive. SL_E_NO also: there is no such, or it never was with the reviewers.
 */
SL_MUST_CHECK enum sl_rc sl_opened_revision(struct sl_enclave *e, int64_t id, int64_t revision, struct sl_opened *out,
                                            struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_opened_read(struct sl_enclave *e, int64_t id, struct sl_opened *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_opened_load(struct sl_enclave *e, int64_t id, struct sl_opened *out, struct sl_err *err);
void sl_opened_free(struct sl_opened *o);
/* sl_opened_material - its outputs with their results, unsealed. Free with sl_job_material_free. As sl_opened_load. */
SL_MUST_CHECK enum sl_rc sl_opened_material(struct sl_enclave *e, const struct sl_opened *o,
                                            struct sl_job_material *out, struct sl_err *err);

/* sl_published_make - render o->now from the rest of o; o->row needs its number. */
SL_MUST_CHECK enum sl_rc sl_published_make(const struct sl_enclave *e, struct sl_opened *o, struct sl_err *err);

/* sl_published_files - the CSVs alone, appended to p->files as they come: freed with them also on failure. */
SL_MUST_CHECK enum sl_rc sl_published_files(const struct sl_render *r, struct sl_published *p, struct sl_err *err);

/* sl_frozen_seal - as one box, bound to the request's name. */
SL_MUST_CHECK enum sl_rc sl_frozen_seal(const struct sl_enclave *e, const char *name, const struct sl_frozen *f,
                                        struct sl_buf *out, struct sl_err *err);

/* sl_material_select - keep the named outputs in plan order; none named: all. SL_E_INPUT names the one nearest. */
SL_MUST_CHECK enum sl_rc sl_material_select(struct sl_job_material *m, const char *const *names, size_t nnames,
                                            struct sl_err *err);

/* sl_request_select - the same for the outputs a stored request names. */
SL_MUST_CHECK enum sl_rc sl_request_select(const struct sl_store_request *row, struct sl_job_material *m,
                                           struct sl_err *err);

/* sl_job_material_open - sl_job_material; with_results false leaves them sealed, for whoever only looks or releases. */
SL_MUST_CHECK enum sl_rc sl_job_material_open(struct sl_enclave *e, int64_t id, bool with_results,
                                              struct sl_job_material *out, struct sl_err *err);

void sl_release_files_free(struct sl_release_file *files, uint32_t n);

/* sl_request_statement - what an author signs (request@sluice), from the row; heap text. */
#define SL_REQUEST_NAMESPACE "request@sluice"
SL_MUST_CHECK enum sl_rc sl_request_statement(const struct sl_enclave *e, const struct sl_store_request *row,
                                              char **out, struct sl_err *err);

/* sl_request_tell - a row as listings show it. reviewer: findings are counted and private comments told too. */
SL_MUST_CHECK enum sl_rc sl_request_tell(struct sl_enclave *e, const struct sl_standing *standing,
                                         const struct sl_store_request *row, bool reviewer, struct sl_request *out,
                                         struct sl_err *err);

#endif
