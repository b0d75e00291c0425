/*
 * dummy.h - tables of invented rows, and what would become of a job's outputs on them.
 *
 * Rows are drawn from the view alone, which is catalogue ∩ policy: types, domains, ranges, bands, whether something may
 * be missing. No row, count or version of a table is looked at, nor which tables have any, so nothing here is secret:
 * findings and numbers may be shown in full, to whoever may run the job. Of reference tables the keys are known, since
 * they are domains; what stands beside them is invented too. docs/decisions/0045-dummy-tables-from-the-catalogue.md.
 */
#ifndef SL_JOBS_DUMMY_H
#define SL_JOBS_DUMMY_H

#include "jobs/job_run.h"
#include "jobs/request_open.h"

/* Stands on everything that is made of invented rows. */
#define SL_DUMMY_MARK "DUMMY DATA"

#define SL_DUMMY_UNITS 1000
#define SL_DUMMY_UNITS_MAX 100000
#define SL_DUMMY_ROWS_PER_UNIT 3
#define SL_DUMMY_ROWS_MAX 500000

/* How much. Zeroed: nothing can be made of it. */
struct sl_dummy_size {
	uint64_t seed;
	uint32_t units; /* DUMMY-1 … : the same in every table */
	uint32_t rows;  /* of a table with several rows a unit; the others have one row for each unit */
};

/* sl_dummy_attributes - what stands beside the keys of reference tables, as it is invented for this seed. */
void sl_dummy_attributes(struct sl_view *view, uint64_t seed);

/* How texts stand in a file. Zero is for people: labels. CODED is for sluice-load: labels may repeat, codes do not. */
enum sl_dummy_texts { SL_DUMMY_LABELS = 0, SL_DUMMY_CODED };

/*
 * sl_dummy_csv - a table as CSV: header, unit, the view's columns in its order; the same bytes for the same words.
 *   first  in  header of the first column: the unit's, or the key's of a reference table
 *   out    out appended
 * Fails: SL_E_NO (a reference table whose keys no granted column has), SL_E_LIMIT (size out of bounds), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_dummy_csv(const struct sl_view *view, uint32_t table, const struct sl_dummy_size *size,
                                      enum sl_dummy_texts texts, const char *first, struct sl_buf *out,
                                      struct sl_err *err);

/*
 * sl_dummy_table - the same of a table granted to the project, for who may run its jobs.
 * Fails also: SL_E_DENIED; SL_E_NO (the project has no such table; near name).
 */
SL_MUST_CHECK enum sl_rc sl_dummy_table(struct sl_enclave *e, const struct sl_actor *actor, const char *project,
                                        const char *table, const struct sl_dummy_size *size, struct sl_buf *out,
                                        struct sl_err *err);

/*
 * sl_dummy_tables - what sl_job_tables_open gives, of invented rows: sealed by sluice-load under keys that nobody
 * keeps, in files without a name. Free with sl_job_tables_free; then nothing of it is left.
 */
SL_MUST_CHECK enum sl_rc sl_dummy_tables(const struct sl_job_ready *ready, const struct sl_dummy_size *size,
                                         struct sl_job_tables *out, struct sl_err *err);

/* What would be published if the rows were these. Zeroed before; free with sl_dummy_preview_free. */
struct sl_dummy_preview {
	bool releasable;
	struct sl_published published;      /* files; neither json nor digest */
	struct sl_finding_text *findings;
	uint32_t nfindings;
	struct sl_job_ready ready;          /* whose names the findings borrow */
	struct sl_publication publication;  /* and whose numbers */
	struct sl_behind behind;            /* what would cure them: of invented rows, so that an author may know */
};

/*
 * sl_dummy_check - sl_job_check, then engine and sluice-check as for a request, on invented rows and beside no earlier
 * release. Nothing is stored.
 *   standing  in/out  of sl_standing_people; taken and zeroed, also on failure
 *   context  in   the request's words; NULL: those of a request are not judged, a stand-in has their place
 * Fails: as sl_job_check; as sl_job_engine and sl_judge, with the reason in full.
 */
SL_MUST_CHECK enum sl_rc sl_dummy_check(struct sl_enclave *e, const struct sl_actor *actor,
                                        struct sl_standing *standing, const struct sl_job_spec *spec,
                                        const struct sl_dummy_size *size, const char *context, struct sl_job *job,
                                        struct sl_dummy_preview *out, struct sl_err *err);
void sl_dummy_preview_free(struct sl_dummy_preview *p);

#endif
