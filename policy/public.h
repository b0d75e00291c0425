/*
 * public.h - what everybody may know of tables from elsewhere, as the catalogue declares it: plans that count the units
 * of each combination of some columns, made for the comparison with history alone.
 *
 * They have a view of their own, of the catalogue's columns whether they were granted or not. It never meets the
 * analyst's: no script sees it, no result is made of these plans, and what sluice-engine makes of them is sealed.
 */
#ifndef SL_POLICY_PUBLIC_H
#define SL_POLICY_PUBLIC_H

#include "enclave/pact/public.h"
#include "policy/grant.h"

/*
 * sl_public_compile - of the tables that plans read.
 *   plans, grant  in   of the job, checked; the plans index the grant's view
 *   out           out  any content; free with sl_codec_free(&sl_public_record, out)
 *   tables        out  per table of out->view, its columns in the catalogue; NULL: none. Free with
 *                      sl_public_tables_free
 * Zeroed on failure. Fails: SL_E_INPUT (a reference domain was not imported), SL_E_LIMIT (too many totals, or cells of
 * one now that the reference tables are known), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_public_compile(const struct sl_plan *plans, uint32_t nplans, const struct sl_grant *grant,
                                           const struct sl_references *refs, struct sl_public *out,
                                           struct sl_grant_table **tables, struct sl_err *err);
void sl_public_tables_free(struct sl_grant_table *tables, uint32_t ntables);

/* sl_public_tell - append "the public total census 2021 of study.persons, sex f, region north". */
void sl_public_tell(const struct sl_public *p, uint32_t total, uint32_t cell, struct sl_buf *out);

#endif
