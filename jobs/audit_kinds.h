/* audit_kinds.h - every kind of leaf the log may have, what it tells, and which question of an auditor it answers. */
#ifndef SL_JOBS_AUDIT_KINDS_H
#define SL_JOBS_AUDIT_KINDS_H

#include <stdbool.h>
#include <stddef.h>

struct sl_audit_kind {
	const char *kind;  /* "job.created" */
	const char *about; /* "authentication", "grants", "data access", "decisions", "egress" */
	const char *tells; /* one sentence */
};

extern const struct sl_audit_kind sl_audit_kinds[];
extern const size_t sl_audit_kinds_count;

/* sl_audit_kind_is - is a leaf of `kind` asked for by `word`: the kind itself, or what it is about? */
bool sl_audit_kind_is(const char *kind, const char *word);
/* sl_audit_kind_known - is `word` a kind, or what one is about? */
bool sl_audit_kind_known(const char *word);

#endif
