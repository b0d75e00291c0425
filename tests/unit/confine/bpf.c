/* bpf.c - see bpf.h; semantics of Documentation/networking/filter.rst, the part seccomp takes. */
#include "tests/unit/confine/bpf.h"

#include <stdint.h>
#include <string.h>

static uint32_t alu(uint16_t op, uint32_t a, uint32_t k)
{
	switch (op) {
	case BPF_AND:
		return a & k;
	case BPF_OR:
		return a | k;
	case BPF_SUB:
		return a - k;
	case BPF_ADD:
		return a + k;
	default:
		return UINT32_MAX;
	}
}

static size_t jump(const struct sock_filter *in, uint32_t a)
{
	switch (BPF_OP(in->code)) {
	case BPF_JA:
		return in->k;
	case BPF_JEQ:
		return a == in->k ? in->jt : in->jf;
	case BPF_JGT:
		return a > in->k ? in->jt : in->jf;
	case BPF_JGE:
		return a >= in->k ? in->jt : in->jf;
	case BPF_JSET:
		return (a & in->k) != 0 ? in->jt : in->jf;
	default:
		return SIZE_MAX / 2;
	}
}

uint32_t bpf_answer(const struct sock_filter *code, size_t len, const struct seccomp_data *data)
{
	uint32_t a = 0;

	for (size_t pc = 0; pc < len; pc++) {
		const struct sock_filter *in = &code[pc];

		switch (BPF_CLASS(in->code)) {
		case BPF_LD:
			if (in->k > sizeof *data - 4 || in->code != (BPF_LD | BPF_W | BPF_ABS))
				return UINT32_MAX;
			memcpy(&a, (const uint8_t *)data + in->k, 4);
			break;
		case BPF_ALU:
			a = alu(BPF_OP(in->code), a, in->k);
			break;
		case BPF_JMP:
			pc += jump(in, a);
			break;
		case BPF_RET:
			return in->k;
		default:
			return UINT32_MAX;
		}
	}
	return UINT32_MAX;
}
