# Names for sets of targets, so that ./run need not know them: `programs` is what is installed, `fuzzers`
# every fuzz target (with SL_FUZZ). Included last, when all rooms have spoken.
add_custom_target(programs)
foreach(program sluice sluice-script sluice-engine sluice-check sluice-load)
	if(TARGET ${program})
		add_dependencies(programs ${program})
	endif()
endforeach()

if(SL_FUZZ)
	get_property(fuzz_targets GLOBAL PROPERTY SL_FUZZ_TARGETS)
	add_custom_target(fuzzers DEPENDS ${fuzz_targets})
	list(JOIN fuzz_targets "\n" fuzz_lines)
	file(WRITE "${CMAKE_BINARY_DIR}/fuzz-targets" "${fuzz_lines}\n")
endif()
