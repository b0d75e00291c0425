/*
 * token.h - inside policy/json only: where things stand in a text that jansson has accepted.
 */
#ifndef SL_POLICY_JSON_TOKEN_H
#define SL_POLICY_JSON_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A walk over JSON text. Never reads past end; on text that is no JSON it ends early, wherever it is. */
struct sl_token {
	const char *start, *at, *end;
};

/* sl_token_space - to the next byte that is not white space. */
void sl_token_space(struct sl_token *t);
/* sl_token_value - over a whole value, nested or not. */
bool sl_token_value(struct sl_token *t);
/* sl_token_member - from the start of an object to the key of the member `key`; t stands on its quote. */
bool sl_token_member(struct sl_token *t, const char *key);
/* sl_token_member_from - the same, from the key of some member: that one or a later one. */
bool sl_token_member_from(struct sl_token *t, const char *key);
/* sl_token_colon - from a key to its value. */
bool sl_token_colon(struct sl_token *t);
/* sl_token_element - from the start of an array to element i. */
bool sl_token_element(struct sl_token *t, size_t i);
/* sl_token_next - from an element of an array to the next one. */
bool sl_token_next(struct sl_token *t);
/* sl_token_depth - the deepest nesting of brackets outside strings. */
size_t sl_token_depth(const char *text, size_t len);
#endif
