#!/usr/bin/env bash
# A cluster of one node on this machine, for tests: Slurm's own daemons below one folder, no systemd.
#
# usage: slurm.sh install | up FOLDER | down FOLDER        then: export SLURM_CONF=FOLDER/slurm.conf
#
# Root only. Where version 1 of control groups carries memory, jobs are held and killed by groups; elsewhere
# Slurm only looks at them now and then. The daemons listen on all addresses: use a machine of your own.
set -euo pipefail

install_packages() {
  local missing=()
  for package in slurm-wlm munge; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] || {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  }
}

configure() {
  local folder=$1 name=$2 proctrack=linuxproc task=none
  if [ -w /sys/fs/cgroup/memory ]; then
    proctrack=cgroup task=cgroup
    printf '%s\n' CgroupPlugin=cgroup/v1 CgroupAutomount=no ConstrainRAMSpace=yes ConstrainSwapSpace=yes \
      AllowedSwapSpace=0 >"$folder/cgroup.conf"
  fi
  cat >"$folder/slurm.conf" <<END
ClusterName=stemma
SlurmctldHost=$name(127.0.0.1)
SlurmctldPort=${CONTROLLER_PORT:-16917}
SlurmdPort=${NODE_PORT:-16918}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/controller.pid
SlurmdPidFile=$folder/node.pid
SlurmctldLogFile=$folder/controller.log
SlurmdLogFile=$folder/node.log
ProctrackType=proctrack/$proctrack
TaskPlugin=task/$task
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=sched_interval=2,sched_min_interval=0
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/linux
ReturnToService=2
KillWait=2
MinJobAge=3600
NodeName=$name NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=${MEMORY:-6000}
PartitionName=all Nodes=$name Default=YES MaxTime=60 State=UP
END
}

up() {
  local folder=$1 name
  name=$(hostname -s)
  mkdir -p "$folder/state" "$folder/spool" "$folder/munge"
  chmod 755 "$folder"
  configure "$folder" "$name"
  (umask 077 && head -c 1024 /dev/urandom >"$folder/munge/key")
  chown -R munge: "$folder/munge"
  chmod 711 "$folder/munge"
  setpriv --reuid=munge --regid=munge --clear-groups munged --key-file="$folder/munge/key" \
    --socket="$folder/munge/socket" --pid-file="$folder/munge/pid" --log-file="$folder/munge/log" \
    --seed-file="$folder/munge/seed"
  export SLURM_CONF=$folder/slurm.conf
  slurmctld
  # The node's groups lie below our own memory group, so that what holds us holds its jobs.
  unshare --mount sh -euc 'own=$(sed -n "s/^[0-9]*:memory://p" /proc/self/cgroup)
    [ -z "$own" ] || [ "$own" = / ] || mount --bind "/sys/fs/cgroup/memory$own" /sys/fs/cgroup/memory
    exec slurmd'
  for _ in $(seq 60); do
    sinfo --noheader --format=%T 2>/dev/null | grep -q idle && return
    sleep 0.5
  done
  echo "slurm.sh: the node does not come up" >&2
  tail -5 "$folder"/*.log >&2
  exit 1
}

down() {
  local folder=$1
  SLURM_CONF=$folder/slurm.conf scancel --user=root 2>/dev/null || true
  for file in node.pid controller.pid munge/pid; do
    [ -s "$folder/$file" ] || continue
    local process
    process=$(cat "$folder/$file")
    kill "$process" 2>/dev/null || true
    for _ in $(seq 40); do kill -0 "$process" 2>/dev/null || break; sleep 0.25; done
  done
}

case ${1:-} in
  install) install_packages ;;
  up) up "$2" ;;
  down) down "$2" ;;
  *) sed -n '4p' "$0" >&2; exit 2 ;;
esac
