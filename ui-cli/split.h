/*
 * split.h - the words of SSH_ORIGINAL_COMMAND, without a shell: nothing expands, nothing runs.
 */
#ifndef SL_UI_SPLIT_H
#define SL_UI_SPLIT_H

#include "enclave/base/buf.h"

#define SL_SPLIT_WORDS_MAX 256
#define SL_SPLIT_BYTES_MAX 65536

/* Words of a line; zeroed: none. Free with sl_split_free. */
struct sl_split {
	struct sl_buf text;                       /* owns the bytes */
	const char *words[SL_SPLIT_WORDS_MAX];
	uint32_t nwords;
};

/*
 * sl_split_line - split as a POSIX shell splits words: blanks and line feeds between them, '…' as it stands, "…" with
 * backslash before " \ $ ` only, backslash before any character outside quotes.
 * Everything a shell would act upon unquoted ($ ` | & ; < > ( ) * ? [ ] ~ # { } !) is refused, so that no one
 * believes it did.
 * Fails: SL_E_USAGE; SL_E_LIMIT; SL_E_NOMEM. *out is then empty.
 */
SL_MUST_CHECK enum sl_rc sl_split_line(const char *line, struct sl_split *out, struct sl_err *err);
void sl_split_free(struct sl_split *s);

#endif
