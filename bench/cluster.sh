#!/bin/sh
# Nine machines on one: network namespaces for a PostgreSQL primary, its streaming replica, PgBouncer, Redis, two web and two
# work machines, and people who post and read. One machine after the other is cut off: its cable is pulled, nobody is told.
# Prints what people saw, and what was acknowledged, lost and there twice. Leaves nothing behind.
#
# Needs root, Linux, iproute2, the PostgreSQL server, pgbouncer and redis-server.   bench/cluster.sh [--seconds 20]
set -eu
cd "$(dirname "$0")/.."
MACHINES="db1 db2 pool cache web1 web2 work1 work2 load"

for program in ip setpriv redis-server; do
    command -v "$program" >/dev/null || { echo "$program is not installed, so this cannot be tried here." >&2; exit 2; }
done
[ "$(id -u)" = 0 ] || { echo "Network namespaces need root." >&2; exit 2; }

gone() {
    for machine in $MACHINES net; do ip netns del "consult-$machine" 2>/dev/null || true; done
}
trap gone EXIT
trap 'exit 130' INT TERM
gone

# The switch has a namespace of its own, so that nothing of it touches the network of this machine.
ip netns add consult-net
ip -n consult-net link add switch type bridge
ip -n consult-net link set switch up
number=0
for machine in $MACHINES; do
    number=$((number + 1))
    ip netns add "consult-$machine"
    ip -n consult-net link add "$machine" type veth peer name eth0 netns "consult-$machine"
    ip -n consult-net link set "$machine" master switch up
    ip -n "consult-$machine" addr add "10.77.0.$number/24" dev eth0
    ip -n "consult-$machine" link set eth0 up
    ip -n "consult-$machine" link set lo up
done

# The people are in the last one, and start all the rest from there.
ip netns exec consult-load "${PYTHON:-python}" -m tests.faults.machines "$@"
