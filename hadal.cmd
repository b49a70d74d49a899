@echo off
rem Starts Hadal on Windows, as ./hadal does elsewhere: finds a JDK 25, builds once, hands over to Java.
rem What it makes lies in .hadal\: stamp names the folder app-* of the last good build, which holds the
rem jars and the AOT cache. The JDK's line about incubator modules stays: nothing here can filter it.
setlocal EnableExtensions DisableDelayedExpansion
set "PROJECT=%~dp0"
set "STATE=%~dp0.hadal"
set "JDK="
set "FLAGS=--add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -Xms24m -Xmn16m"
set "FLAGS=%FLAGS% -XX:+DisplayVMOutputToStderr -Xlog:disable -Xlog:all=error,aot*=off,cds*=off:stderr"
set "FLAGS=%FLAGS% -Djdk.reflect.useNativeAccessorOnly=true"

call :find_jdk
if not defined JDK (
  echo Hadal needs a JDK 25.0.3 or newer and found none at JAVA_HOME, on the PATH or in Program Files; install one with 'winget install EclipseAdoptium.Temurin.25.JDK'. 1>&2
  exit /b 2
)

call :fresh
if errorlevel 1 call :build
if errorlevel 1 exit /b 2

set /p APP=<"%STATE%\stamp"
set "AOT="
if exist "%STATE%\%APP%\aot" set AOT="-XX:AOTCache=%STATE%\%APP%\aot"
"%JDK%\bin\java.exe" %FLAGS% %AOT% -cp "%STATE%\%APP%\*" dev.hadal.app.cli.Main %*
exit /b %ERRORLEVEL%

:find_jdk
call :try "%JAVA_HOME%"
for %%J in (java.exe) do if not "%%~$PATH:J"=="" call :try "%%~dp$PATH:J.."
for /d %%D in (
  "%ProgramFiles%\Eclipse Adoptium\jdk*" "%ProgramFiles%\Java\jdk*" "%ProgramFiles%\Microsoft\jdk*"
  "%ProgramFiles%\Zulu\zulu*" "%ProgramFiles%\Amazon Corretto\jdk*" "%USERPROFILE%\.jdks\*"
) do call :try "%%~D"
exit /b 0

:try
if defined JDK exit /b 0
if "%~1"=="" exit /b 0
if not exist "%~1\bin\javac.exe" exit /b 0
if not exist "%~1\release" exit /b 0
findstr /b /r /c:"JAVA_VERSION=.25\.0\.[3-9]" /c:"JAVA_VERSION=.25\.0\.[1-9][0-9]" /c:"JAVA_VERSION=.25\.[1-9]" /c:"JAVA_VERSION=.2[6-9]" "%~1\release" >nul && set "JDK=%~1"
exit /b 0

:fresh
if not exist "%STATE%\stamp" exit /b 1
powershell -NoProfile -Command "$s = (Get-Item -LiteralPath ($env:STATE + '\stamp')).LastWriteTime; $changed = 'pom.xml', 'core\pom.xml', 'app\pom.xml', 'core\src\main', 'app\src\main' | ForEach-Object { Get-ChildItem -LiteralPath ($env:PROJECT + $_) -Recurse } | Where-Object { $_.LastWriteTime -gt $s } | Select-Object -First 1; if ($changed) { exit 1 }"
exit /b %ERRORLEVEL%

:build
echo Building Hadal (once, about a minute) ... 1>&2
if not exist "%STATE%" mkdir "%STATE%"
set "APP=app-%RANDOM%%RANDOM%"
set "JAVA_HOME=%JDK%"
echo %APP%>"%STATE%\stamp.new"
pushd "%PROJECT%"
call mvnw.cmd --quiet --batch-mode --no-transfer-progress --projects app --also-make "-Dhadal.quick=%STATE%\build" package >"%STATE%\build.log" 2>&1
set "FAILED=%ERRORLEVEL%"
popd
if not "%FAILED%"=="0" (
  type "%STATE%\build.log" 1>&2
  echo hadal: the build failed; its log is %STATE%\build.log 1>&2
  exit /b 2
)
for /d %%D in ("%STATE%\app-*") do rmdir /s /q "%%~D" 2>nul
mkdir "%STATE%\%APP%"
copy /y "%STATE%\build\app\*.jar" "%STATE%\%APP%" >nul
copy /y "%STATE%\build\app\lib\*.jar" "%STATE%\%APP%" >nul
rem The stamp was written before the build began: what changed during it is newer.
move /y "%STATE%\stamp.new" "%STATE%\stamp" >nul
"%JDK%\bin\java.exe" %FLAGS% "-XX:AOTCacheOutput=%STATE%\%APP%\aot" -cp "%STATE%\%APP%\*" dev.hadal.app.cli.Main run tiny "Once upon a time" --max-tokens 32 >>"%STATE%\build.log" 2>&1 <nul
exit /b 0
