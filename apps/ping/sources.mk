# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
ping_PROGRAMS := PingServer PingClient
PingServer_SRCS := PingServer.c
PingClient_SRCS := PingClient.c
