/*
 * request_text.h - how a request is shown, in lists and alone.
 */
#ifndef SL_UI_REQUEST_TEXT_H
#define SL_UI_REQUEST_TEXT_H

#include "jobs/request.h"
#include "ui-cli/cli.h"

/* sl_request_text_asks - ": class confidential asks" where a class asks for more than the project; else "". */
#define SL_REQUEST_ASKS 48
const char *sl_request_text_asks(const struct sl_request *r, char out[static SL_REQUEST_ASKS]);
/* sl_request_text_changed - what the author changed after earlier revision i: "title, context". */
#define SL_REQUEST_CHANGED 64
const char *sl_request_text_changed(const struct sl_request *r, uint32_t i, char out[static SL_REQUEST_CHANGED]);
json_t *sl_request_text_object(const struct sl_request *r);
/* sl_request_text_print - the head of a request; the context is marked as the author's words. */
void sl_request_text_print(const struct sl_request *r);
/* sl_request_text_waits - whether a request in this state waits for reviews. */
bool sl_request_text_waits(uint8_t state);
/*
 * sl_request_text_standing - of a condition of the gate: "met", "awaited" (of reviews), "to ask" (of judging again),
 * "NOT MET".
 */
const char *sl_request_text_standing(const struct sl_review *r, int condition);
/*
 * sl_request_text_list - print requests as a table, or set "requests"; waiting: only the ones that wait for a
 * review.
 */
SL_MUST_CHECK enum sl_rc sl_request_text_list(struct sl_cli *c, bool waiting, struct sl_err *err);

#endif
