# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# What tests/bench/run measures with: confined programs beside each other in
# $(BUILD)/bench/bin, and the programs that measure in $(BUILD)/bench.
BENCH     := $(BUILD)/bench
BENCH_XDL := $(wildcard tests/bench/bench/*.edl tests/bench/bench/*.idl)
BENCH_P   := $(patsubst %,$(BENCH)/bin/%,BenchClient BenchServer DirectClient \
	     DirectServer Nothing LibcNothing Idle Threads)
BENCH_T   := $(BENCH)/decide $(BENCH)/confined
# Only measured against, and only where it is installed.
BENCH_DBUS := $(if $(shell pkg-config --exists libsystemd && echo yes),\
	      $(BENCH)/dbus)

bench-programs: $(BENCH_P) $(BENCH_T) $(BENCH_DBUS)

$(BUILD)/gen/bench.stamp: $(DKC) $(BENCH_XDL) $(BUILD)/gen/std.stamp $(INCLUDES)
	$(call say,XDL,tests/bench)
	@mkdir -p $(BUILD)/gen/bench
	$(Q)$(DKC) xdl -I tests/bench -o $(BUILD)/gen/bench $(BENCH_XDL)
	@touch $@
$(BUILD)/obj-p/tests/bench/%.o: INC = -I$(BUILD)/gen/bench -I$(BUILD)/include
$(BENCH_P:$(BENCH)/bin/%=$(BUILD)/obj-p/tests/bench/%.o): $(BUILD)/gen/bench.stamp

$(BENCH)/bin/Bench%: $(BUILD)/obj-p/tests/bench/Bench%.o $(BUILD)/lib/libdk.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_P) -o $@ $^
$(BENCH)/bin/Nothing: LIBS_P := -nostdlib
$(BENCH)/bin/%: $(BUILD)/obj-p/tests/bench/%.o
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_P) $(LIBS_P) -o $@ $^

$(BENCH)/decide: $(BUILD)/obj/tests/bench/decide.o $(BUILD)/obj/libsecurity.a
$(BENCH)/confined: $(BUILD)/obj/tests/bench/confined.o \
		   $(BUILD)/obj/libkernel.a $(BUILD)/obj/libsecurity.a
$(BENCH)/confined: LIBS := -lseccomp -lcap
$(BENCH)/dbus: $(BUILD)/obj/tests/bench/dbus.o
$(BENCH)/dbus: LIBS := -lsystemd
$(BENCH_T) $(BENCH)/dbus:
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_T) -o $@ $^ $(LIBS)
