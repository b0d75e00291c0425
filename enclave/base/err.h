/*
 * err.h - what went wrong, told once, by the one who knows.
 *
 * Three kinds never mix: a fault (something broke), a refusal (an answer, with its rule, reason and
 * remedy), a bug (SL_REQUIRE). A fallible function returns enum sl_rc and fills a caller-owned
 * struct sl_err; the first cause wins, later ones are ignored.
 */
#ifndef SL_BASE_ERR_H
#define SL_BASE_ERR_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#define SL_MUST_CHECK __attribute__((warn_unused_result))
#define SL_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

enum sl_rc {
	SL_OK = 0,
	SL_E_NO,        /* the answer is no                        exit 1 */
	SL_E_USAGE,     /* wrong words on the command line         exit 2 */
	SL_E_DENIED,    /* policy or grant refuses                 exit 3 */
	SL_E_IDENT,     /* nobody, or not who they say             exit 4 */
	SL_E_UNDECIDED, /* not decided yet, or signer unknown      exit 5 */
	SL_E_INTEGRITY, /* bytes are not the bytes signed/sealed   exit 6 */
	SL_E_LIMIT,     /* a declared limit was met                exit 7 */
	SL_E_INPUT,     /* bad input, with file:line               exit 65 */
	SL_E_HOST,      /* the host lacks a required layer         exit 69 */
	SL_E_BUG,       /* an invariant of ours broke              exit 70 */
	SL_E_NOMEM,     /* out of memory                           exit 70 */
	SL_E_IO,        /* disk or system call                     exit 74 */
	SL_E_BUSY,      /* somebody else holds it                  exit 75 */
	SL_E_INTR,      /* interrupted                             exit 130 */
};

struct sl_err {
	enum sl_rc rc;       /* SL_OK: nothing recorded yet */
	uint32_t line, col;  /* 1-based; 0: no place */
	char file[128];      /* what line and col count in; "" : none */
	char rule[48];       /* rule id of a refusal; "" : a fault */
	char text[512];      /* what is wrong, one sentence, UTF-8 */
	char remedy[256];    /* what would be right; "" : none known */
};

/*
 * sl_err_set - record rc and a formatted text in err, unless err already holds a cause.
 * Returns rc, so that a failing function can end in: return sl_err_set(err, SL_E_INPUT, "...").
 * err may be NULL. Text longer than the field is cut at a UTF-8 boundary.
 */
enum sl_rc sl_err_set(struct sl_err *err, enum sl_rc rc, const char *fmt, ...) SL_PRINTF(3, 4);
enum sl_rc sl_err_vset(struct sl_err *err, enum sl_rc rc, const char *fmt, va_list ap) SL_PRINTF(3, 0);

/* sl_err_errno - the same, with ": " and strerror(error) appended. */
enum sl_rc sl_err_errno(struct sl_err *err, enum sl_rc rc, int error, const char *fmt, ...) SL_PRINTF(4, 5);

/* sl_err_at - add a place; kept only if none is there yet. file is cut from the left to fit. */
void sl_err_at(struct sl_err *err, const char *file, uint32_t line, uint32_t col);

/* sl_err_rule, sl_err_remedy - add the rule id or remedy; kept only if none is there yet. */
void sl_err_rule(struct sl_err *err, const char *rule);
void sl_err_remedy(struct sl_err *err, const char *fmt, ...) SL_PRINTF(2, 3);

/* sl_err_clear - forget the cause, for a caller that handled it. */
void sl_err_clear(struct sl_err *err);

/* sl_rc_exit - the process exit code of rc (list above). sl_rc_name - its stable name, "denied". */
int sl_rc_exit(enum sl_rc rc);
const char *sl_rc_name(enum sl_rc rc);

/* SL_REQUIRE - an invariant of ours; ends the process with exit 70 when false, in every build. */
#define SL_REQUIRE(cond) \
	do { \
		if (!(cond)) \
			sl_bug(#cond, __FILE__, __LINE__); \
	} while (0)
_Noreturn void sl_bug(const char *what, const char *file, int line);

#endif
