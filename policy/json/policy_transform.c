/* policy_transform.c - which transformation is done to what is shown: keys round, midpoint and random of disclosure. */
#include "policy/json/policy_read.h"
#include "policy/transform.h"

static const char *const round_keys[] = { "base" };

static enum sl_rc read_base(const struct sl_json_at *at, uint8_t transform, struct sl_rules *r, struct sl_err *err)
{
	uint64_t base = 0;
	enum sl_rc rc = sl_json_u64(at, 2, SL_TRANSFORM_BASE_MAX, &base, err);

	if (rc != SL_OK)
		return rc;
	r->transform = transform;
	r->transform_base = (uint32_t)base;
	return sl_transform_is_known(r) ? SL_OK : sl_json_fault(at, false, err, "a midpoint needs an even number");
}

static enum sl_rc read_round(const struct sl_json_at *at, struct sl_rules *r, struct sl_err *err)
{
	struct sl_json_at base;
	enum sl_rc rc;

	if (json_is_false(at->value)) {
		r->transform = SL_TRANSFORM_NONE;
		r->transform_base = 0;
		return SL_OK;
	}
	rc = sl_json_keys(at, round_keys, 1, err);
	if (rc == SL_OK)
		rc = sl_json_get(at, "base", &base, err);
	return rc == SL_OK ? read_base(&base, SL_TRANSFORM_ROUND, r, err) : rc;
}

/* The smallest counts that may be shown share their printed number with hidden ones; too few must not be left of it. */
static enum sl_rc check_edge(const struct sl_json_at *at, const struct sl_rules *r, struct sl_err *err)
{
	if (!sl_transform_is_on(r) || sl_transform_edge(r) >= sl_transform_least(r))
		return SL_OK;
	(void)sl_json_fault(at, false, err,
	                    "with threshold %u the smallest number that is printed would tell the count to %lld, and a "
	                    "base of %u needs %lld",
	                    r->threshold, (long long)sl_transform_edge(r), r->transform_base,
	                    (long long)sl_transform_least(r));
	sl_err_remedy(
		err, r->transform == SL_TRANSFORM_RANDOM
			     ? "choose a threshold that is a multiple of the base, as 12 is of 3"
			     : "choose a threshold that is the least count of those printed alike, as 8 is of 8 to 12");
	return SL_E_INPUT;
}

enum sl_rc sl_policy_read_transform(const struct sl_json_at *at, struct sl_rules *r, struct sl_err *err)
{
	struct sl_json_at round, midpoint, random;
	bool rounds = sl_json_opt(at, "round", &round), halves = sl_json_opt(at, "midpoint", &midpoint);
	bool draws = sl_json_opt(at, "random", &random);
	enum sl_rc rc = SL_OK;

	if (rounds && (halves || draws))
		return sl_json_fault(halves ? &midpoint : &random, true, err,
		                     "beside round: counts are changed in one way");
	if (halves && draws)
		return sl_json_fault(&random, true, err, "beside midpoint: counts are changed in one way");
	if (rounds)
		rc = read_round(&round, r, err);
	else if (halves || draws)
		rc = read_base(halves ? &midpoint : &random, halves ? SL_TRANSFORM_MIDPOINT : SL_TRANSFORM_RANDOM, r,
		               err);
	return rc == SL_OK ? check_edge(rounds ? &round : halves ? &midpoint : draws ? &random : at, r, err) : rc;
}
