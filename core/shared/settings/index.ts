export { assignSettings, readAssignment } from './assign-setting.ts'
export { nearestWord } from './nearest-word.ts'
export { parseSettings, settingsRefused } from './parse-settings.ts'
export { findSetting, type Setting, settingsOf } from './setting-list.ts'
