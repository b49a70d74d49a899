# Finds the JDK that Hadal builds and runs on. Sourced by ./hadal and ./mvnw; POSIX sh.

# The major version of the JDK in folder $1 when it is 25.0.3 or newer (older ones move pinned
# arrays, JDK-8377811), else nothing.
jdk_major() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  while IFS='=' read -r key value; do
    [ "$key" = JAVA_VERSION ] || continue
    value=${value#\"}
    value=${value%%[!0-9.]*}
    major=${value%%.*}
    patch=${value#"$major".*.}
    [ "$patch" = "$value" ] && patch=0
    patch=${patch%%.*}
    if [ "${major:-0}" -gt 25 ] || { [ "${major:-0}" -eq 25 ] && [ "${patch:-0}" -ge 3 ]; }; then
      echo "$major"
    fi
  done <"$1/release"
}

# The folder that the 'java' on the PATH lives in, symbolic links followed.
jdk_on_path() {
  java=$(command -v java) || return 0
  while link=$(readlink "$java"); do
    case $link in
      /*) java=$link ;;
      *) java=${java%/*}/$link ;;
    esac
  done
  echo "${java%/bin/java}"
}

# Prints the folder of a JDK 25.0.3 or newer, a 25 before anything newer; fails when there is none.
find_jdk() (
  set +f
  newer=
  for folder in \
    "${JAVA_HOME-}" \
    "$(jdk_on_path)" \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* /opt/*jdk* \
    "${SDKMAN_DIR:-${HOME-}/.sdkman}"/candidates/java/* "${HOME-}"/.jdks/* \
    "${HOME-}"/.asdf/installs/java/* "${HOME-}"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "java_home"; do
    # Asking macOS takes longer than looking, so it comes last.
    if [ "$folder" = java_home ]; then
      [ -x /usr/libexec/java_home ] || continue
      folder=$(/usr/libexec/java_home -v 25 2>/dev/null) || continue
    fi
    [ -n "$folder" ] || continue
    case $(jdk_major "$folder") in
      '') ;;
      25) echo "$folder" && exit 0 ;;
      *) newer=${newer:-$folder} ;;
    esac
  done
  [ -n "$newer" ] && echo "$newer"
)

# One sentence that says what to install on this system.
jdk_missing() {
  remedy='install one from https://adoptium.net, or with SDKMAN'
  case $(uname -s) in
    Darwin) remedy="install one with 'brew install --cask temurin@25'" ;;
    Linux)
      # shellcheck disable=SC1091
      family=$(. /etc/os-release 2>/dev/null && echo "${ID-} ${ID_LIKE-}")
      case " $family " in
        *' debian '* | *' ubuntu '*)
          if apt-cache show openjdk-25-jdk-headless >/dev/null 2>&1; then
            remedy="install one with 'sudo apt install openjdk-25-jdk-headless'"
          fi
          ;;
        *' fedora '* | *' rhel '*) remedy="install one with 'sudo dnf install java-25-openjdk-devel'" ;;
        *suse*) remedy="install one with 'sudo zypper install java-25-openjdk-devel'" ;;
        *' arch '*) remedy="install one with 'sudo pacman -S jdk25-openjdk'" ;;
        *' alpine '*) remedy="install one with 'sudo apk add openjdk25'" ;;
      esac
      ;;
  esac
  echo "Hadal needs a JDK 25.0.3 or newer and found none at JAVA_HOME, on the PATH or in the usual folders; $remedy."
}

# The exact release of the JDK in folder $1.
jdk_release() {
  while IFS='=' read -r key value; do
    [ "$key" != JAVA_RUNTIME_VERSION ] || echo "$value"
  done <"$1/release"
}
