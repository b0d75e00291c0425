/*
 * fold.h - text as it is compared in a search: without case, accents, vowel marks and full-width forms.
 */
#ifndef SL_JOBS_FOLD_H
#define SL_JOBS_FOLD_H

#include "enclave/base/buf.h"

/* Rises when sl_fold_text gives another text for some word: what was stored folded is folded again then. */
#define SL_FOLD_VERSION 1

/* sl_fold_text - append s folded: "Größe" as "grosse", "Élève" as "eleve". A bad byte becomes U+FFFD. */
void sl_fold_text(struct sl_buf *out, const char *s, size_t len);

/* sl_fold_origin - the byte of s whose folded form holds byte `at` of s folded; len: it is behind the end. */
size_t sl_fold_origin(const char *s, size_t len, size_t at);

#endif
