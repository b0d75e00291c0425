/*
 * note.h - what lint has to say about a file: a list of errors and warnings, each with its place.
 */
#ifndef SL_POLICY_NOTE_H
#define SL_POLICY_NOTE_H

#include <stdbool.h>

#include "enclave/base/err.h"

#define SL_NOTES_MAX 1000

enum sl_note_kind { SL_NOTE_ERROR = 0, SL_NOTE_WARNING };

struct sl_note {
	uint8_t kind;       /* enum sl_note_kind */
	struct sl_err what; /* file, line, col, rule, text, remedy */
};

struct sl_notes {
	struct sl_note *items;
	uint32_t nitems;
	bool failed; /* memory ran out: the list is not complete */
};

/* sl_notes_add - append a note; past SL_NOTES_MAX it is dropped. The returned record (never NULL) takes a remedy. */
struct sl_err *sl_notes_add(struct sl_notes *notes, enum sl_note_kind kind, const char *file, uint32_t line,
                            uint32_t col, const char *rule, const char *fmt, ...) SL_PRINTF(7, 8);
/* sl_notes_errors - how many of them are errors. */
uint32_t sl_notes_errors(const struct sl_notes *notes);
void sl_notes_free(struct sl_notes *notes);

#endif
