/*
 * moves.h - the life of a request: one table of states and moves, and whose each move is. What is not in it does not
 * happen. Pure; jobs asks it before every change of a state, in the transaction of that change.
 */
#ifndef SL_POLICY_MOVES_H
#define SL_POLICY_MOVES_H

#include "policy/policy.h"

/* Numbers are in state.db: none is ever given a second meaning. */
enum sl_request_state {
	SL_REQUEST_NONE = 0,
	SL_REQUEST_SUBMITTED = 1,
	SL_REQUEST_REFUSED = 2,
	SL_REQUEST_REJECTED = 3,
	SL_REQUEST_RELEASED = 4,
	SL_REQUEST_DRAFT = 5,
	SL_REQUEST_PARTLY = 6, /* partially approved */
	SL_REQUEST_APPROVED = 7,
	SL_REQUEST_RETURNED = 8,
	SL_REQUEST_WITHDRAWN = 9,
	SL_REQUEST_REVOKED = 10,
	SL_REQUEST_STATE_COUNT_
};

enum sl_move {
	SL_MOVE_NONE = 0,
	SL_MOVE_SUBMIT,
	SL_MOVE_REFUSE,
	SL_MOVE_REVISE,
	SL_MOVE_WITHDRAW,
	SL_MOVE_LOOK,
	SL_MOVE_APPROVE,
	SL_MOVE_COMPLETE,
	SL_MOVE_RELEASE,
	SL_MOVE_RETURN,
	SL_MOVE_REJECT,
	SL_MOVE_OWNER_APPROVE,
	SL_MOVE_OWNER_REJECT,
	SL_MOVE_COMMENT,
	SL_MOVE_NOTE,
	SL_MOVE_REVOKE,
	SL_MOVE_RECOVER,
	SL_MOVE_COUNT_
};

/* What somebody is to one request: bits, and one person may be several things. 0: a stranger, whose no move is. */
enum sl_party {
	SL_PARTY_NONE = 0,
	SL_PARTY_AUTHOR = 1,
	SL_PARTY_ANALYST = 2,   /* another analyst of its project */
	SL_PARTY_REVIEWER = 4,  /* a reviewer who is independent of it */
	SL_PARTY_OWNER = 8,     /* of a table it was made from */
	SL_PARTY_OFFICER = 16,
	SL_PARTY_AUDITOR = 32,
	SL_PARTY_OPERATOR = 64,
	SL_PARTY_ENCLAVE = 128, /* the program itself: what follows from a check or from the gate, and is nobody's wish */
};
#define SL_PARTIES_ALL 255u
#define SL_PARTY_COUNT 8

/* One state, and what can be done about a request that is in it: the remedy of whoever wanted something else. */
struct sl_state_row {
	enum sl_request_state state;
	const char *name; /* stable, in JSON */
	const char *meaning, *remedy;
};

/* One move: from which states, to which. SL_REQUEST_NONE, which is 0: not from there. */
struct sl_move_row {
	enum sl_move move;
	const char *name; /* the command; of the enclave's own moves, what happens */
	uint32_t who;     /* enum sl_party bits; any one suffices */
	uint8_t to[SL_REQUEST_STATE_COUNT_];
	const char *why;    /* why theirs and from there */
	const char *remedy; /* what somebody else can do */
};

/* The states in the order of a life, for lists. */
extern const enum sl_request_state sl_moves_life[SL_REQUEST_STATE_COUNT_ - 1];

/* sl_moves_row, sl_moves_state - a row; NULL for none and for what is out of range. */
const struct sl_move_row *sl_moves_row(enum sl_move move);
const struct sl_state_row *sl_moves_state(enum sl_request_state state);
/* sl_moves_state_name - "none" for what is no state. sl_moves_party_name - of one bit; "stranger" for 0. */
const char *sl_moves_state_name(enum sl_request_state state);
const char *sl_moves_party_name(enum sl_party party);

/* sl_moves_next - the state after the move; SL_REQUEST_NONE: refused, also for unknown states, moves and bits. */
enum sl_request_state sl_moves_next(enum sl_request_state from, enum sl_move move, uint32_t parties);

/*
 * sl_moves_ask - the same, with words.
 *   name  in   of the request, for the message: "R-1"
 *   to    out  SL_REQUEST_NONE on failure
 * Fails: SL_E_DENIED with rule "request-party" (whose move it is not), SL_E_NO with rule "request-state" (not from this
 * state). Who somebody is comes first: a stranger is not told the state.
 */
#define SL_MOVES_PARTY "request-party"
#define SL_MOVES_STATE "request-state"
SL_MUST_CHECK enum sl_rc sl_moves_ask(const char *name, enum sl_request_state from, enum sl_move move, uint32_t parties,
                                      enum sl_request_state *to, struct sl_err *err);

/*
 * sl_moves_parties - what a person is to a request of this project and author on a day, by the policy in force.
 *   owns  in  they speak for a table it was made from
 */
uint32_t sl_moves_parties(const struct sl_policy *policy, const char *project, const char *author, const char *person,
                          bool owns, int64_t today);

#endif
